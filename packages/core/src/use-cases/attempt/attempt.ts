import { err, ok, type Result, type ResultAsync } from "neverthrow";

import { callbackData } from "../../domain/callback-data.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { beginAttempt, endAttempt } from "../../domain/message-changes.ts";
import type { AttemptEnd, Message, MessageRequest, MessagesVia } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Credential } from "../../ports/credentials.ts";
import type { Commit } from "../../ports/store/message-store.ts";
import type { ReportOutcome } from "../../ports/pacer.ts";
import type { Submission, Submitted, Transport } from "../../ports/transport.ts";
import type { AdviseFailure } from "./advise-failure.ts";
import type { Commits, OutcomeUnrecorded } from "./commits.ts";
import type { TemplateCheck } from "../templates/template-check.ts";
import type { NoteRecipientName } from "./note-recipient-name.ts";
import type { UnrecordedAttempts } from "./unrecorded-attempts.ts";

/** The message after an attempt. Without an outcome no attempt was made, because somebody else changed the message first. */
export interface AttemptResult {
  readonly message: Message;
  readonly outcome?: Outcome;
}

/** An attempt that has its permit. */
interface PermittedAttempt<E> {
  readonly message: Message;
  readonly credential: Credential;
  readonly commitIntent: (intended: Message) => ResultAsync<Commit, E>;
  readonly reportOutcome: ReportOutcome;
  /** How long it waited for the permit. */
  readonly waitedMs: number;
}

/** Makes one attempt. Commits the intent before the first byte is sent, and the outcome once it is known. */
export type MakeAttempt = <E>(attempt: PermittedAttempt<E>) => Promise<Result<AttemptResult, E | OutcomeUnrecorded>>;

interface MakeAttemptParts extends Pick<Commits, "commitWithRetry"> {
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
  const { transport, clock, shutdown, unrecorded, commitWithRetry, adviseFailure, noteRecipientName } = parts;
  const { attemptTimeoutMs, spread, templateCheck } = parts;

  /** A transport may have sent the message if it throws, or has not answered when the shutdown aborts it. */
  async function outcomeOf(submission: Submission, reportOutcome: ReportOutcome): Promise<Outcome> {
    try {
      const submitted = await shutdown.orAborted(transport.submit(submission, attemptTimeoutMs));
      if (!submitted?.isOk()) return ambiguous("the sender was shut down before an answer arrived");
      reportSafely(reportOutcome, submitted.value);
      return withoutUsage(submitted.value);
    } catch (error) {
      return ambiguous(`the transport failed: ${error instanceof Error ? error.name : "no error"}`);
    }
  }

  return async <E>(attempt: PermittedAttempt<E>): Promise<Result<AttemptResult, E | OutcomeUnrecorded>> => {
    const { message, credential, commitIntent, reportOutcome, waitedMs } = attempt;
    const { phoneNumberId } = credential;
    const [startedAt, startedMs] = [clock.now(), clock.monotonicMs()];
    const waited = waitedMs > leastWaitMs ? { waitedMs: Math.round(waitedMs) } : {};
    const via = viaOf(message.request, credential);
    const marketing = via === "marketing" ? { via } : {};
    const intended = beginAttempt(message, { startedAt, phoneNumberId, ...marketing, spread: spread(), ...waited });
    const intent = await commitIntent(intended);
    const number = intended.attempts.length;
    if (intent.isErr()) {
      // The store may have applied it all the same, and nobody works on the message.
      unrecorded.add(message, { number, startedAt, ended: { at: clock.now(), durationMs: 0, outcome: notSent } });
      return err(intent.error);
    }
    if (!intent.value.applied) return ok({ message: intent.value.message });

    const { to, content, replyTo } = message.request;
    const said = await outcomeOf(
      {
        credential,
        to,
        content,
        ...(replyTo !== undefined && { replyTo }),
        ...marketing,
        callbackData: callbackData(message.id, number),
      },
      reportOutcome,
    );
    const [at, durationMs] = [clock.now(), Math.round(clock.monotonicMs() - startedMs)];
    const outcome =
      "failure" in said ? { ...said, failure: await adviseFailure(said.failure, { phoneNumberId, to }, at) } : said;
    if (outcome.kind === "Refused" && outcome.failure.class === "template") {
      templateCheck.doubt(message.request, credential);
    }
    const ended: AttemptEnd = { at, durationMs, outcome };
    const noted = noteRecipientName({ phoneNumberId, to, at }, outcome);
    const recorded = await commitWithRetry(intended, (current) => endAttempt(current, number, ended));
    await noted;
    if (recorded.isErr()) unrecorded.add(message, { number, startedAt, ended });
    return recorded.map((after) => ({ message: after, outcome }));
  };
}

/** Only templates go another way than the Cloud API. */
function viaOf({ content, via }: MessageRequest, { templateMessagesVia }: Credential): MessagesVia | undefined {
  return content.type === "template" ? (via ?? templateMessagesVia) : undefined;
}

/** A pacer that throws must not cost the answer. */
function reportSafely(reportOutcome: ReportOutcome, submitted: Submitted): void {
  try {
    reportOutcome(submitted);
  } catch {
    // The pacer continues without it.
  }
}

/** Usage figures are for the pacer. They are not stored with the message. */
function withoutUsage(submitted: Submitted): Outcome {
  if (submitted.usage === undefined) return submitted;
  const { usage: _, ...outcome } = submitted;
  return outcome;
}

/** A shorter wait for a permit is not recorded. */
const leastWaitMs = 1000;

const notSent: Outcome = { kind: "NotSent", final: false, cause: "the intent could not be stored" };

function ambiguous(cause: string): Outcome {
  return { kind: "Ambiguous", sawSuccess: false, cause };
}
