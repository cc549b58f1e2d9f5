import { err, type Result } from "neverthrow";

import { resume } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import { lastRecordedAt, nextStep } from "../../domain/next-step.ts";
import { toWallTime } from "../../ports/clock.ts";
import type { Credentials, CredentialsError } from "../../ports/credentials.ts";
import type { RateLimited, Pacer } from "../../ports/pacer.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { WallSteps } from "../../time/wall-steps.ts";
import type { Commits, OutcomeUnrecorded } from "../attempt/commits.ts";
import type { DeliverMessage } from "../attempt/deliver-message.ts";
import { rateKeyOf } from "../attempt/next-attempt.ts";
import type { UnrecordedAttempts } from "../attempt/unrecorded-attempts.ts";

/** Resumes an orphaned message for a caller who repeats its key. */
export type ResumeMessage = (
  orphan: Message,
  deadlineMs: number,
) => Promise<Result<Message, CredentialsError | RateLimited | OutcomeUnrecorded>>;

interface ResumeMessageParts extends Pick<Commits, "commitWithRetry"> {
  readonly credentials: Credentials;
  readonly pacer: Pacer;
  readonly tracing: Tracing;
  readonly wallSteps: WallSteps;
  readonly unrecorded: UnrecordedAttempts;
  readonly deliver: DeliverMessage;
}

export function createResumeMessage(parts: ResumeMessageParts): ResumeMessage {
  const { credentials, pacer, tracing, wallSteps, unrecorded, commitWithRetry, deliver } = parts;
  const { clock } = wallSteps;

  /** Why it cannot be resumed now. It then stays orphaned, and its caller can resume it later. */
  function refusal(orphan: Message, credential: Parameters<typeof rateKeyOf>[1], deadlineMs: number) {
    const deadlineAt = toWallTime(clock, deadlineMs);
    const step = nextStep(resume(orphan, clock.now()), wallSteps.unshifted(deadlineAt, lastRecordedAt(orphan)));
    return step.kind === "Attempt" ? pacer.refusal(rateKeyOf(orphan, credential), deadlineAt) : undefined;
  }

  return async (orphan, deadlineMs) => {
    const found = await credentials.lookup(orphan.request.outlet);
    if (found.isErr()) return err(found.error);
    const credential = found.value;
    const refused = refusal(orphan, credential, deadlineMs);
    if (refused) return err(refused);
    const resumedAt = clock.now();
    const resumed = await commitWithRetry(orphan, (current) => resume(current, resumedAt), { takesOver: true });
    if (resumed.isErr()) {
      // The store may have applied it all the same, and nobody works on the message.
      unrecorded.add(resume(orphan, resumedAt));
      return err(resumed.error);
    }
    return tracing.forMessage(orphan.request.traceparent, () =>
      deliver({ message: resumed.value, credential }, deadlineMs),
    );
  };
}
