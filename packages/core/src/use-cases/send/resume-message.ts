import { err, ok, type Result } from "neverthrow";

import { resume } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import { lastRecordedAt, nextStep } from "../../domain/next-step.ts";
import { toWallTime } from "../../ports/clock.ts";
import type { Credential, Credentials, CredentialsError } from "../../ports/credentials.ts";
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
) => Promise<Result<Message, NotResumed | OutcomeUnrecorded>>;

/**
 * Why an orphaned message cannot be resumed now. The message stays as it was: an earlier attempt may have sent it, and a later repeat of
 * its key may resume it.
 */
export type NotResumed = (CredentialsError | RateLimited) & { readonly message: Message };

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

  /** The credential of its next attempt, if there is one, or why that cannot be made now. */
  async function credentialFor(
    orphan: Message,
    deadlineMs: number,
  ): Promise<Result<Credential | undefined, CredentialsError | RateLimited>> {
    const deadlineAt = toWallTime(clock, deadlineMs);
    const step = nextStep(resume(orphan, clock.now()), wallSteps.unshifted(deadlineAt, lastRecordedAt(orphan)));
    if (step.kind !== "Attempt") return ok(undefined);
    const found = await credentials.lookup(orphan.request.outlet);
    if (found.isErr()) return found;
    const refusal = pacer.refusal(rateKeyOf(orphan, found.value), deadlineAt);
    return refusal ? err(refusal) : found;
  }

  return async (orphan, deadlineMs) => {
    const found = await credentialFor(orphan, deadlineMs);
    if (found.isErr()) return err({ ...found.error, message: orphan });
    const credential = found.value;
    const resumedAt = clock.now();
    const resumed = await commitWithRetry(orphan, (current) => resume(current, resumedAt), { takesOver: true });
    if (resumed.isErr()) {
      // The store may have applied it all the same, and nobody works on the message.
      unrecorded.add(resume(orphan, resumedAt));
      return err(resumed.error);
    }
    return tracing.forMessage(orphan.request.traceparent, () =>
      deliver({ message: resumed.value, ...(credential && { credential }) }, deadlineMs),
    );
  };
}
