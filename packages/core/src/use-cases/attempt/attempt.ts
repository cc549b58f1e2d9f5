import { err, ok, type Result } from "neverthrow";

import { callbackData } from "../../domain/callback-data.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { beginAttempt, endAttempt, type NewAttempt } from "../../domain/message-changes.ts";
import type { AttemptEnd, Draft, Message, MessageRequest, MessagesVia } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isFinished, statusOf } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Credential } from "../../ports/credentials.ts";
import type { Commit } from "../../ports/store/message-store.ts";
import type { ProcessLease } from "../../ports/store/process-lease.ts";
import type { Permit } from "../../ports/pacer.ts";
import type { Submission, Transport } from "../../ports/transport.ts";
import type { AdviseFailure } from "./advise-failure.ts";
import type { Commits, OutcomeUnrecorded } from "./commits.ts";
import type { TemplateCheck } from "../templates/template-check.ts";
import type { NoteRecipientName } from "./note-recipient-name.ts";
import { createSubmitInSlot } from "./submit-in-slot.ts";
import type { UnrecordedAttempts } from "./unrecorded-attempts.ts";

/** The message after an attempt. Without an outcome no attempt was made, because somebody else changed the message first. */
export interface AttemptResult {
  readonly message: Message;
  readonly outcome?: Outcome;
  /** Which attempt was made. Another process may have made later ones since. */
  readonly number?: number;
  /** Whether the outcome came after the message had ended, and did not change how it ended. */
  readonly isAfterEnd?: boolean;
}

/** An attempt that has its permit. */
interface PermittedAttempt<E> {
  readonly message: Message;
  readonly credential: Credential;
  readonly startedAt: Date;
  readonly commitIntent: (intended: Message) => PromiseLike<Result<Commit, E>>;
  readonly permit: Permit;
  /** How long it waited for the permit. */
  readonly waitedMs: number;
}

/** Makes one attempt. Commits the intent before the first byte is sent, and the outcome once it is known. */
export type MakeAttempt = <E>(attempt: PermittedAttempt<E>) => Promise<Result<AttemptResult, E | OutcomeUnrecorded>>;

interface MakeAttemptParts extends Pick<Commits, "commitWithRetry"> {
  readonly lease: ProcessLease;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly shutdown: ShutdownSignal;
  readonly unrecorded: UnrecordedAttempts;
  readonly adviseFailure: AdviseFailure;
  readonly noteRecipientName: NoteRecipientName;
  readonly templateCheck: TemplateCheck;
  readonly attemptTimeoutMs: number;
  /** Draws the jitter of the wait after an attempt, as a share of that wait. */
  readonly spread: () => number;
}

export function createMakeAttempt(parts: MakeAttemptParts): MakeAttempt {
  const { lease, clock, unrecorded, commitWithRetry, adviseFailure, noteRecipientName, spread, templateCheck } = parts;
  const submitInSlot = createSubmitInSlot(parts);

  function intentOf(message: Message, credential: Credential, startedAt: Date, waitedMs: number): Message {
    const attempt: Draft<NewAttempt> = { startedAt, phoneNumberId: credential.phoneNumberId, spread: spread() };
    if (viaOf(message.request, credential) === "marketing") attempt.via = "marketing";
    if (waitedMs > leastWaitMs) attempt.waitedMs = Math.round(waitedMs);
    return beginAttempt(message, attempt);
  }

  async function advised(outcome: Outcome, request: MessageRequest, credential: Credential, at: Date) {
    if (!("failure" in outcome)) return outcome;
    const { phoneNumberId } = credential;
    const failure = await adviseFailure(outcome.failure, { phoneNumberId, to: request.to }, at);
    if (outcome.kind === "Refused" && failure.class === "template") templateCheck.doubt(request, credential);
    return { ...outcome, failure };
  }

  return async <E>(attempt: PermittedAttempt<E>): Promise<Result<AttemptResult, E | OutcomeUnrecorded>> => {
    const { message, credential, startedAt, commitIntent, permit, waitedMs } = attempt;
    const { request } = message;
    const leaseMs = lease.validForMs();
    const startedMs = clock.monotonicMs();
    const intended = intentOf(message, credential, startedAt, waitedMs);
    const number = intended.attempts.length;
    const intent = await commitIntent(intended);
    if (intent.isErr()) {
      // The store may have applied it all the same, and nobody works on the message.
      unrecorded.add(message, { number, startedAt, ended: { at: clock.now(), durationMs: 0, outcome: notSent } });
      return err(intent.error);
    }
    if (!intent.value.applied) return ok({ message: intent.value.message });

    // The lease that this process had when it began. A later one does not say that nobody has taken the message over.
    const isHeld = (): boolean => clock.monotonicMs() - startedMs < leaseMs;
    let outcome = await submitInSlot(submissionOf(intended, credential), permit, isHeld);
    const at = clock.now();
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    if ("failure" in outcome) outcome = await advised(outcome, request, credential, at);
    const ended: AttemptEnd = { at, durationMs, outcome };
    const noted = noteRecipientName({ phoneNumberId: credential.phoneNumberId, to: request.to, at }, outcome);
    let before = intended;
    const recorded = await commitWithRetry(intended, (current) => endAttempt((before = current), number, ended));
    if (noted) await noted;
    if (recorded.isOk()) {
      const isAfterEnd = isFinished(before) && statusOf(before) === statusOf(recorded.value);
      return ok({ message: recorded.value, outcome, number, isAfterEnd });
    }
    unrecorded.add(message, { number, startedAt, ended });
    return err(recorded.error);
  };
}

/** Only templates go another way than the Cloud API. */
function viaOf({ content, via }: MessageRequest, { templateMessagesVia }: Credential): MessagesVia | undefined {
  return content.type === "template" ? (via ?? templateMessagesVia) : undefined;
}

function submissionOf({ id, request, attempts }: Message, credential: Credential): Submission {
  const { to, content, replyTo } = request;
  const submission: Draft<Submission> = { credential, to, content, callbackData: callbackData(id, attempts.length) };
  if (replyTo !== undefined) submission.replyTo = replyTo;
  if (attempts.at(-1)?.via === "marketing") submission.via = "marketing";
  return submission;
}

/** A shorter wait for a permit is not recorded. */
const leastWaitMs = 1000;

const notSent: Outcome = { kind: "NotSent", final: false, cause: "the intent could not be stored" };
