import { okAsync, ResultAsync } from "neverthrow";

import type { Outcome } from "../domain/outcome.ts";
import type { Submission, Transport } from "../ports/transport.ts";

/** A transport that a test can read and script. */
export interface RecordingTransport extends Transport {
  /** Every submission, in order. */
  readonly submissions: readonly Submission[];
  /** Answers the next submissions with these outcomes, in order. Later submissions are accepted again. */
  answerWith(...outcomes: readonly Outcome[]): void;
}

/** Records each submission. Accepts it, unless `answerWith` or `respond` says otherwise. */
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
    submit: (submission, _, mayBegin) =>
      mayBegin?.() === false ? okAsync(heldBack) : ResultAsync.fromSafePromise(outcomeOf(submission)),
  };
}

const heldBack: Outcome = { kind: "NotSent", final: false, cause: "held back" };
