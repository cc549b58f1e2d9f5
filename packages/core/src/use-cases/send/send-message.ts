import { err, ok, type Result, ResultAsync } from "neverthrow";

import { answerOf, type NotDelivered } from "../../domain/answer.ts";
import { canBeResumed, newMessage } from "../../domain/message-changes.ts";
import type { Message, MessageRequest } from "../../domain/message.ts";
import type { SendPolicy } from "../../domain/retry-policy.ts";
import { holdsQuotaUnit } from "../../domain/status.ts";
import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { type Clock, toWallTime } from "../../ports/clock.ts";
import type { Credential, Credentials, CredentialsError } from "../../ports/credentials.ts";
import type { Ids } from "../../ports/ids.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { RateLimited, RateKey, Pacer } from "../../ports/pacer.ts";
import type { QuotaError } from "../../ports/quota.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { Accept } from "../accept/accept-message.ts";
import { type Key, type KeyReused, keyOf, findByKey } from "../accept/idempotency.ts";
import type { KeysInUse } from "../accept/keys-in-use.ts";
import { recordCall } from "../accept/record-call.ts";
import { parseSendCommand, type SendMessageCommand } from "../accept/send-command.ts";
import type { InvalidCommand } from "../accept/field-checks.ts";
import { policyOf, type PolicyOptions } from "../accept/send-policy.ts";
import type { AttemptResult, MakeAttempt } from "../attempt/attempt.ts";
import type { OutcomeUnrecorded } from "../attempt/commits.ts";
import type { DeliverMessage } from "../attempt/deliver-message.ts";
import { rateKeyOf } from "../attempt/next-attempt.ts";
import type { UnrecordedAttempts } from "../attempt/unrecorded-attempts.ts";
import type { WithPermit } from "../attempt/with-permit.ts";
import type { TemplateCheck, TemplateRefused } from "../templates/template-check.ts";
import type { UnitUse } from "../quota/block.ts";
import type { QuotaUnits } from "../quota/quota-units.ts";
import type { ResumeMessage } from "./resume-message.ts";

/** The result of a send: a message that WhatsApp has accepted. */
export interface Sent {
  readonly message: Message;
  /** Whether it had been sent before, under the same key. This call then sent nothing. */
  readonly replayed: boolean;
}

/**
 * Why a message was not sent. An error with `replayed` is about a stored message; every other error except `OutcomeUnrecorded`
 * means that nothing was stored. So `RateLimited` has two forms: before the first attempt it has the pacer's `cause` and `reason`;
 * with `replayed` the message was stored, and `retryAt` says when a repeat may succeed.
 */
export type SendMessageError =
  | InvalidCommand
  | Exclude<QuotaError, Unavailable>
  | Exclude<CredentialsError, Unavailable>
  | RateLimited
  /** The Tenant Service or the store is unavailable, or the sender is closing. Nothing was stored or sent. */
  | Unavailable
  | KeyReused
  | TemplateRefused
  /** The message was stored and not sent. `replayed`: this is the answer of an earlier call under the same key. */
  | (NotDelivered & { readonly replayed: boolean })
  | OutcomeUnrecorded;

interface SendMessageParts extends PolicyOptions {
  readonly messages: MessageStore;
  readonly credentials: Credentials;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: ShutdownSignal;
  readonly unrecorded: UnrecordedAttempts;
  readonly units: QuotaUnits;
  readonly templateCheck: TemplateCheck;
  readonly keysInUse: KeysInUse;
  readonly accept: Accept;
  readonly makeAttempt: MakeAttempt;
  readonly withPermit: WithPermit;
  readonly deliver: DeliverMessage;
  readonly resumeMessage: ResumeMessage;
  readonly sendDeadlineMs: number;
}

/** Sends one message and waits for the result. */
export function createSendMessage(
  parts: SendMessageParts,
): (command: SendMessageCommand) => ResultAsync<Sent, SendMessageError> {
  const { messages, credentials, pacer, clock, ids, telemetry, tracing, shutdown, unrecorded, units, keysInUse } =
    parts;
  const { accept, makeAttempt, withPermit, deliver, resumeMessage, templateCheck } = parts;

  async function begin(task: Task, blockId: string): Promise<Result<Sent, SendMessageError>> {
    const { request, policy, key, credential, deadlineMs } = task;
    const firstSlotMs = firstSlotOf(policy);
    const permitByMs = permitByOf(policy, deadlineMs);
    if (firstSlotMs > 0 && !(await shutdown.sleep(firstSlotMs))) return err(closing);
    const wanted = { rateKey: firstRateKeyOf(task), deadlineMs: permitByMs, ifClosing: closing };
    const tried = await withPermit<AttemptResult, SendMessageError, Unavailable>(wanted, (reportOutcome, waitedMs) => {
      const message = newMessage({
        id: ids.messageId(),
        request,
        mode: "waiting",
        policy,
        acceptedAt: clock.now(),
        quotaBlockId: blockId,
        ...(key && { idempotencyKey: { key: key.key, fingerprint: key.fingerprint } }),
      });
      // The document is stored together with its first intent: a send costs two commits.
      return new ResultAsync(makeAttempt({ message, credential, commitIntent: accept, reportOutcome, waitedMs }));
    });
    if (tried.isErr()) return err(tried.error);
    const { message, outcome } = tried.value;
    if (!outcome) return ok({ message, replayed: true });
    const delivered = await deliver({ message, outcome, credential }, deadlineMs);
    return delivered.map((ended) => ({ message: ended, replayed: false }));
  }

  /** The first attempt is always made: a deadline bounds the repeats. */
  function permitByOf(policy: SendPolicy, deadlineMs: number): number {
    return Math.max(clock.monotonicMs() + firstSlotOf(policy), deadlineMs);
  }

  /** The answer under a key that was used before. Resumes an orphaned message first. */
  async function replay(known: Message, key: Key, deadlineMs: number): Promise<Result<Sent, SendMessageError>> {
    if (!canBeResumed(known)) return answer({ message: known, replayed: true });
    const resumed = await keysInUse.withKey(key, () => resumeMessage(known, deadlineMs));
    return resumed.andThen((message) => answer({ message, replayed: false }));
  }

  function deadlineOf({ waitMs }: SendMessageCommand): number {
    return clock.monotonicMs() + Math.min(waitMs ?? Number.POSITIVE_INFINITY, parts.sendDeadlineMs);
  }

  async function send(command: SendMessageCommand): Promise<Result<Sent, SendMessageError>> {
    const request = parseSendCommand(command, tracing.current());
    if (request.isErr()) return err(request.error);
    if (shutdown.closing) return err(closing);
    const key = keyOf(command, ids);
    if (key) {
      const known = await findByKey(messages, key);
      if (known.isErr()) return err(known.error);
      if (known.value) return replay(known.value, key, deadlineOf(command));
    }

    const deadlineMs = deadlineOf(command);
    const sent = await keysInUse.withKey(key, async (): Promise<Result<Sent, SendMessageError>> => {
      const found = await credentials.lookup(request.value.outlet);
      if (found.isErr()) return err(found.error);
      const checking = templateCheck.refusal(request.value, found.value, "waiting");
      const refused = checking && (await checking);
      if (refused) return err(refused);
      const task = {
        request: request.value,
        policy: policyOf(command, parts),
        key,
        credential: found.value,
        deadlineMs,
      };
      // A call that the pacer would reject takes no unit of quota and requests no block.
      const refusal = pacer.refusal(firstRateKeyOf(task), toWallTime(clock, permitByOf(task.policy, deadlineMs)));
      if (refusal) return err(refusal);
      return units.withUnit(command.tenantId, useOf, (blockId) => begin(task, blockId));
    });
    return sent.andThen(answer);
  }

  function recordLoss(error: SendMessageError): void {
    if (error.kind !== "OutcomeUnrecorded") return;
    unrecorded.add(error.message);
    telemetry.record({ kind: "OutcomeUnrecorded", messageId: error.message.id, reason: error.reason });
  }

  return (command) => new ResultAsync(recordCall("send", parts, () => send(command))).orTee(recordLoss);
}

/** A valid command, with the policy and credential to send it. */
interface Task {
  readonly request: MessageRequest;
  readonly policy: SendPolicy;
  readonly key: Key | undefined;
  readonly credential: Credential;
  readonly deadlineMs: number;
}

function firstSlotOf({ scheduleMs }: SendPolicy): number {
  return scheduleMs[0] ?? 0;
}

function firstRateKeyOf({ request, credential }: Task): RateKey {
  return rateKeyOf({ request, mode: "waiting", attempts: [] }, credential);
}

function useOf(result: Result<Sent, SendMessageError>): UnitUse {
  if (result.isErr()) return result.error.kind === "OutcomeUnrecorded" ? "left" : "unused";
  return !result.value.replayed && holdsQuotaUnit(result.value.message) ? "used" : "unused";
}

function answer({ message, replayed }: Sent): Result<Sent, SendMessageError> {
  return answerOf(message)
    .map(() => ({ message, replayed }))
    .mapErr((error) => ({ ...error, replayed }));
}
