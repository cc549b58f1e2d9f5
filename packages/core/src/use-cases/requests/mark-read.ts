import { err, ok, type Result, ResultAsync } from "neverthrow";

import { fieldRules, type Identifier, isWamid, type OutletRef } from "../../content/identifiers.ts";
import { isWithheld } from "../../domain/outcome.ts";
import { clampRetryAfter, normalizeSchedule } from "../../domain/retry-policy.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Credential, CredentialsError } from "../../ports/credentials.ts";
import type { Permit, RateLimited } from "../../ports/pacer.ts";
import type { ReadReceipt, ReadReceiptOutcome, ReadReceipts } from "../../ports/read-receipts.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Submitted } from "../../ports/transport.ts";
import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { brokenRules, type FieldRule, identifierRule, type InvalidCommand } from "../accept/field-checks.ts";
import { createInSlot } from "../attempt/in-slot.ts";
import { numberKeyOf } from "../attempt/next-attempt.ts";
import type { WithPermit } from "../attempt/with-permit.ts";
import type { CredentialCache } from "../credentials/credential-cache.ts";
import { requestErrorOf, type RequestUnknown, type WhatsAppRequestError } from "./request-error.ts";

/** A received message to mark as read. */
export interface MarkReadCommand {
  readonly tenantId: Identifier;
  readonly outletId: Identifier;
  /** WhatsApp's id of the message. */
  readonly whatsappMessageId: string;
  /** Also shows a typing indicator, until the answer is sent or 25 s have passed. */
  readonly typing?: boolean;
}

/** Why a message may not have been marked as read. */
export type MarkReadError = InvalidCommand | CredentialsError | WhatsAppRequestError;

interface MarkReadParts {
  readonly readReceipts?: ReadReceipts;
  readonly credentials: CredentialCache;
  readonly clock: Clock;
  readonly shutdown: ShutdownSignal;
  readonly withPermit: WithPermit;
  readonly scheduleMs: readonly number[];
  readonly attemptTimeoutMs: number;
  readonly sendDeadlineMs: number;
  readonly spread: () => number;
}

/**
 * Marks a message as read. This is idempotent, so it retries every temporary failure and every attempt without an answer, on the
 * schedule of sends and within their deadline. If no later attempt settles an unanswered one, the error is `RequestUnknown`.
 * Uses no quota and stores nothing.
 */
export function createMarkRead(parts: MarkReadParts): (command: MarkReadCommand) => ResultAsync<void, MarkReadError> {
  const { readReceipts, credentials, clock, shutdown, withPermit, sendDeadlineMs, spread } = parts;
  const inSlot = createInSlot(parts);
  const scheduleMs = normalizeSchedule(parts.scheduleMs);

  function tryOnce(
    port: ReadReceipts,
    { whatsappMessageId, typing, ...outlet }: MarkReadCommand,
    credential: Credential,
    isRetry: boolean,
    deadlineMs: number,
  ): PromiseLike<Result<ReadReceiptOutcome, RateLimited | Unavailable | RequestUnknown>> {
    // With the message's id as its recipient, a receipt counts towards the number's rate and towards no pair limit.
    const rateKey = { ...numberKeyOf(outlet, credential), to: whatsappMessageId, isRetry };
    const receipt = { credential, whatsappMessageId, typing: typing ?? false };
    const wanted = { rateKey, deadlineMs, ifClosing: closing };
    return withPermit(wanted, (permit) => new ResultAsync(markInSlot(port, receipt, permit)));
  }

  /** It belongs to no message, and may be made twice: only its slot counts, and no lease. */
  async function markInSlot(
    port: ReadReceipts,
    receipt: ReadReceipt,
    permit: Permit,
  ): Promise<Result<ReadReceiptOutcome, RequestUnknown>> {
    const outcome = await inSlot((timeoutMs, mayBegin) => port.mark(receipt, timeoutMs, mayBegin), permit);
    if (!outcome) return err(shutDown);
    if (outcome.kind === "ReadConfirmed" || !isWithheld(outcome))
      permit.reportOutcome(submittedOf(outcome, receipt.whatsappMessageId));
    return ok(outcome);
  }

  async function mark(command: MarkReadCommand): Promise<Result<void, MarkReadError>> {
    let unansweredCause: string | undefined;
    const marked = await attempts(command, (cause) => {
      unansweredCause = cause;
    });
    return marked.mapErr((error) => {
      const isSettled = error.kind === "RequestRefused" || error.kind === "RequestUnknown";
      return isSettled || unansweredCause === undefined ? error : { kind: "RequestUnknown", reason: unansweredCause };
    });
  }

  async function attempts(
    command: MarkReadCommand,
    onUnanswered: (cause: string) => void,
  ): Promise<Result<void, MarkReadError>> {
    const problems = brokenRules(rules, command);
    if (problems.length > 0) return err({ kind: "InvalidCommand", problems });
    if (shutdown.closing) return err(closing);
    if (!readReceipts) return err(notConfigured);
    const outlet: OutletRef = { tenantId: command.tenantId, outletId: command.outletId };
    const deadlineMs = clock.monotonicMs() + sendDeadlineMs;
    let refused: Credential | undefined;
    let waitMs = scheduleMs[0] ?? 0;
    for (let slot = 0; ;) {
      if (waitMs > 0 && !(await shutdown.sleep(waitMs))) return err(closing);
      const found = await credentials.lookup(outlet, refused);
      if (found.isErr()) return err(found.error);
      const tried = await tryOnce(readReceipts, command, found.value, slot > 0, deadlineMs);
      if (tried.isErr()) return err(tried.error);
      const outcome = tried.value;
      if (outcome.kind === "ReadConfirmed") return ok();
      if (outcome.kind === "Ambiguous") onUnanswered(outcome.cause);
      if (outcome.kind === "CredentialRefused") credentials.refuse(outlet, found.value);
      if (outcome.kind === "CredentialRefused" && !refused) {
        refused = found.value;
        waitMs = 0;
        continue;
      }
      slot += 1;
      const slotMs = isFinal(outcome) ? undefined : scheduleMs[slot];
      waitMs = Math.max((slotMs ?? 0) * (1 + spread()), pauseMs(outcome));
      if (slotMs === undefined || clock.monotonicMs() + waitMs > deadlineMs)
        return err(requestErrorOf(outcome, clock.now()));
    }
  }

  return (command) => new ResultAsync(mark(command));
}

const notConfigured: Unavailable = { kind: "Unavailable", reason: "the sender has no `readReceipts` port" };

const rules: readonly FieldRule<MarkReadCommand>[] = [
  identifierRule("tenantId"),
  identifierRule("outletId"),
  ["whatsappMessageId", ({ whatsappMessageId }) => isWamid(whatsappMessageId), fieldRules.wamid],
  ["typing", ({ typing }) => typeof (typing ?? false) === "boolean", "must be true or false"],
];

const shutDown: RequestUnknown = {
  kind: "RequestUnknown",
  reason: "the sender was shut down before an answer arrived",
};

/** For the pacer, a confirmed receipt is an accepted request. */
function submittedOf(outcome: ReadReceiptOutcome, wamid: string): Submitted {
  return outcome.kind === "ReadConfirmed" ? { ...outcome, kind: "Accepted", wamid } : outcome;
}

type NotConfirmed = Exclude<ReadReceiptOutcome, { kind: "ReadConfirmed" }>;

function isFinal(outcome: NotConfirmed): boolean {
  return outcome.kind === "CredentialRefused" || ("final" in outcome && outcome.final);
}

function pauseMs(outcome: NotConfirmed): number {
  return clampRetryAfter("retryAfterMs" in outcome ? outcome.retryAfterMs : undefined);
}
