import { ResultAsync } from "neverthrow";

import type { Outcome } from "../domain/outcome.ts";
import type { Submission, Transport } from "../ports/transport.ts";

export interface RecordingTransport extends Transport {
  /** Everything that was submitted, in order. */
  readonly submissions: readonly Submission[];
  /** The next submissions end like this, one after the other; after them, each is accepted again. */
  answerWith(...outcomes: readonly Outcome[]): void;
}

/** Accepts each submission, unless told otherwise, and remembers it. With `respond`, that decides. */
export function createRecordingTransport(
  respond?: (submission: Submission) => Outcome | Promise<Outcome>,
): RecordingTransport {
  const submissions: Submission[] = [];
  const scripted: Outcome[] = [];

  async function outcomeOf(submission: Submission): Promise<Outcome> {
    submissions.push(submission);
    const accepted = { kind: "Accepted", wamid: `wamid.${submissions.length}`, waId: submission.to.slice(1) } as const;
    return scripted.shift() ?? (await respond?.(submission)) ?? accepted;
  }

  return {
    submissions,
    answerWith: (...outcomes) => void scripted.push(...outcomes),
    submit: (submission) => ResultAsync.fromSafePromise(outcomeOf(submission)),
  };
}
