import { err, ok, type Result, ResultAsync } from "neverthrow";

import { answerOf, type NotDelivered } from "../../domain/answer.ts";
import { canBeResumed } from "../../domain/message-changes.ts";
import type { Message, MessageRequest } from "../../domain/message.ts";
import { holdsQuotaUnit, isFinished } from "../../domain/status.ts";
import type { InFlight } from "../../lifecycle/in-flight.ts";
import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { type Clock, toWallTime } from "../../ports/clock.ts";
import type { Credential, CredentialsError } from "../../ports/credentials.ts";
import type { Ids } from "../../ports/ids.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { RateLimited, Pacer } from "../../ports/pacer.ts";
import type { QuotaError } from "../../ports/quota.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import { type Key, type KeyReused, keyOf, knownUnder } from "../accept/idempotency.ts";
import type { KeysInUse } from "../accept/keys-in-use.ts";
import { recordCall } from "../accept/record-call.ts";
import { parseSendCommand, type SendMessageCommand } from "../accept/send-command.ts";
import type { InvalidCommand } from "../accept/field-checks.ts";
import { createPolicyOf, type PolicyOptions } from "../accept/send-policy.ts";
import type { AttemptResult } from "../attempt/attempt.ts";
import type { OutcomeUnrecorded } from "../attempt/commits.ts";
import { rateKeyOf } from "../attempt/next-attempt.ts";
import type { UnrecordedAttempts } from "../attempt/unrecorded-attempts.ts";
import type { CredentialCache } from "../credentials/credential-cache.ts";
import type { Paused, PauseCheck } from "../pauses/pause-check.ts";
import type { TemplateCheck, TemplateRefused } from "../templates/template-check.ts";
import type { UnitUse } from "../quota/block.ts";
import type { QuotaUnits } from "../quota/quota-units.ts";
import type { DeliverInPlace } from "./deliver-in-place.ts";
import { type FirstAttempt, firstSlotOf, type NewSend } from "./first-attempt.ts";
import type { NotResumed, ResumeMessage } from "./resume-message.ts";

/** The result of a send: a message that WhatsApp has accepted. */
export interface Sent {
  readonly message: Message;
  /** Whether it had been sent before, under the same key. This call then sent nothing. */
  readonly replayed: boolean;
}

/**
 * Why a message was not sent. An error with `replayed` or with a `message` is about a stored message; every other error means that
 * nothing was stored. So `RateLimited` has two forms: before an attempt it has the pacer's `cause` and `reason`; with `replayed` the
 * message was stored, and `retryAt` says when a repeat may succeed.
 */
export type SendMessageError =
  | InvalidCommand
  | Exclude<QuotaError, Unavailable>
  | Exclude<CredentialsError, Unavailable>
  | RateLimited
  /** The Tenant Service or the store is unavailable, the sender is closing, or it is `Paused`. Nothing was stored or sent. */
  | Unavailable
  | Paused
  | KeyReused
  | TemplateRefused
  | NotResumed
  /** The message was stored and not sent. `replayed`: this is the answer of an earlier call under the same key. */
  | (NotDelivered & { readonly replayed: boolean })
  | OutcomeUnrecorded;

interface SendMessageParts extends PolicyOptions {
  readonly messages: MessageStore;
  readonly credentials: CredentialCache;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: ShutdownSignal;
  readonly calls: InFlight;
  readonly unrecorded: UnrecordedAttempts;
  readonly units: QuotaUnits;
  readonly templateCheck: TemplateCheck;
  readonly pauseCheck: PauseCheck;
  readonly keysInUse: KeysInUse;
  readonly firstAttempt: FirstAttempt;
  readonly deliverInPlace: DeliverInPlace;
  readonly resumeMessage: ResumeMessage;
  readonly sendDeadlineMs: number;
}

/**
 * Sends one message and waits for the result. It waits only where something must be waited for: a message whose credential, unit
 * and permit are at hand awaits its intent, WhatsApp's answer and its outcome.
 */
export function createSendMessage(
  parts: SendMessageParts,
): (command: SendMessageCommand) => ResultAsync<Sent, SendMessageError> {
  const { messages, credentials, pacer, clock, ids, telemetry, tracing, shutdown, calls, unrecorded, units } = parts;
  const { keysInUse, firstAttempt, deliverInPlace, resumeMessage, templateCheck, pauseCheck } = parts;
  const policyOf = createPolicyOf(parts);

  /** The answer under a key that was used before. Resumes an orphaned message first. */
  async function replay(known: Message, key: Key, deadlineMs: number): Promise<Result<Sent, SendMessageError>> {
    if (!canBeResumed(known)) return answer({ message: known, replayed: true });
    const resumed = await keysInUse.withKey(key, () => resumeMessage(known, deadlineMs));
    if (resumed.isErr() && resumed.error.kind === "InProgress") return err({ ...resumed.error, message: known });
    return resumed.andThen((message) => answer({ message, replayed: false }));
  }

  function deadlineOf({ waitMs }: SendMessageCommand): number {
    return clock.monotonicMs() + Math.min(waitMs ?? Number.POSITIVE_INFINITY, parts.sendDeadlineMs);
  }

  function newSendOf(command: SendMessageCommand, asked: Asked, credential: Credential): NewSend {
    const { request, key, deadlineMs } = asked;
    const policy = policyOf(command);
    // The first attempt is always made: a deadline bounds the repeats.
    const permitByMs = Math.max(clock.monotonicMs() + firstSlotOf(policy), deadlineMs);
    const rateKey = rateKeyOf({ request, mode: "waiting", attempts: [] }, credential);
    return { request, policy, key, credential, rateKey, deadlineMs, permitByMs };
  }

  /** Sends a message whose key, if it has one, is free. */
  async function sendNew(
    command: SendMessageCommand,
    request: MessageRequest,
    key?: Key,
  ): Promise<Result<Sent, SendMessageError>> {
    // What is not at hand costs the call its own time.
    const deadlineMs = deadlineOf(command);
    let credential = credentials.known(request.outlet);
    if (!credential) {
      const found = await credentials.lookup(request.outlet);
      if (found.isErr()) return err(found.error);
      credential = found.value;
    }
    const checking = templateCheck.refusal(request, credential, "waiting");
    const refused = checking && (await checking);
    if (refused) return err(refused);
    const pausing = pauseCheck.refusal(request, credential);
    const paused = pausing && (await pausing);
    if (paused) return err(paused);
    const send = newSendOf(command, { request, key, deadlineMs }, credential);
    // A call that the pacer would reject takes no unit of quota and requests no block.
    const refusal = pacer.refusal(send.rateKey, toWallTime(clock, send.permitByMs));
    if (refusal) return err(refusal);
    let unit = units.takeNow(command.tenantId);
    if (!unit) {
      const taken = await units.take(command.tenantId);
      if (taken.isErr()) return err(taken.error);
      unit = taken.value;
    }
    let use: UnitUse = "used";
    try {
      const tried = await firstAttempt(send, unit.block.id);
      const sent = tried.isErr() ? err(tried.error) : (endOf(tried.value) ?? (await deliverOn(send, tried.value)));
      use = useOf(sent);
      return sent.isErr() ? sent : answer(sent.value);
    } finally {
      units.giveBack(unit, use);
    }
  }

  /** The end of a send whose first attempt was all: it finished the message, or was not made because the key was used before. */
  function endOf(first: AttemptResult): Result<Sent, SendMessageError> | undefined {
    const { message, outcome } = first;
    if (!outcome) return ok({ message, replayed: true });
    return isFinished(message) ? ok({ message: deliverInPlace.finish(first), replayed: false }) : undefined;
  }

  async function deliverOn(send: NewSend, first: AttemptResult): Promise<Result<Sent, SendMessageError>> {
    const { credential, deadlineMs } = send;
    const delivered = await deliverInPlace.deliver({ ...first, credential }, deadlineMs);
    return delivered.isErr() ? err(delivered.error) : ok({ message: delivered.value, replayed: false });
  }

  async function sendUnderKey(
    command: SendMessageCommand,
    request: MessageRequest,
    key: Key,
  ): Promise<Result<Sent, SendMessageError>> {
    const known = knownUnder(key, await messages.find(key));
    if (known.isErr()) return err(known.error);
    if (known.value) return replay(known.value, key, deadlineOf(command));
    const inUse = keysInUse.take(key);
    if (inUse) return err(inUse);
    try {
      return await sendNew(command, request, key);
    } finally {
      keysInUse.free(key);
    }
  }

  function send(command: SendMessageCommand): Promise<Result<Sent, SendMessageError>> {
    const request = parseSendCommand(command, tracing.current());
    if (request.isErr()) return Promise.resolve(err(request.error));
    if (shutdown.closing) return Promise.resolve(err(closing));
    const key = keyOf(command, ids);
    return key ? sendUnderKey(command, request.value, key) : sendNew(command, request.value);
  }

  async function sendAndRecord(command: SendMessageCommand): Promise<Result<Sent, SendMessageError>> {
    calls.begin();
    try {
      const startedMs = clock.monotonicMs();
      const result = await send(command);
      recordCall("send", parts, startedMs, result);
      if (result.isErr() && result.error.kind === "OutcomeUnrecorded") {
        const { message, reason } = result.error;
        unrecorded.add(message);
        telemetry.record({ kind: "OutcomeUnrecorded", messageId: message.id, reason });
      }
      return result;
    } finally {
      calls.end();
    }
  }

  return (command) => new ResultAsync(sendAndRecord(command));
}

/** What a call asks for, and until when. */
type Asked = Pick<NewSend, "request" | "key" | "deadlineMs">;

function useOf(result: Result<Sent, SendMessageError>): UnitUse {
  if (result.isErr()) return result.error.kind === "OutcomeUnrecorded" ? "left" : "unused";
  return !result.value.replayed && holdsQuotaUnit(result.value.message) ? "used" : "unused";
}

function answer({ message, replayed }: Sent): Result<Sent, SendMessageError> {
  const answered = answerOf(message);
  return answered.isErr() ? err({ ...answered.error, replayed }) : ok({ message, replayed });
}
