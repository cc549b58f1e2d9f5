import { err, errAsync, ok, type Result, ResultAsync } from "neverthrow";

import { answerOf, type NotDelivered } from "../domain/answer.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { type IdempotencyKey, type Message, type MessageRequest, newMessage, resume } from "../domain/message.ts";
import { type OnAmbiguous, normalizeSchedule, type SendPolicy } from "../domain/retry-policy.ts";
import { keepsUnit, wasSent } from "../domain/status.ts";
import type { Credential, CredentialsError } from "../ports/credentials.ts";
import type { Ids } from "../ports/ids.ts";
import type { Commit } from "../ports/message-store.ts";
import type { HeldBack } from "../ports/pacer.ts";
import type { QuotaError } from "../ports/quota.ts";
import type { R, Unavailable } from "../ports/result.ts";
import { type AttemptOptions, createAmend, createAttempt, type OutcomeUnrecorded, type Tried } from "./attempt.ts";
import { createDeliverMessage, type DeliveryPorts } from "./deliver-message.ts";
import { closing, type Drain } from "./drain.ts";
import { createKeysInUse } from "./keys-in-use.ts";
import type { QuotaUnits } from "./quota-units.ts";
import { type InvalidCommand, parseSendCommand, type SendMessageCommand } from "./send-command.ts";

export interface SendMessagePorts extends DeliveryPorts {
  readonly ids: Ids;
}

export interface SendMessageOptions extends AttemptOptions {
  readonly scheduleMs: readonly number[];
  readonly sendDeadlineMs: number;
  readonly onAmbiguous: OnAmbiguous;
  /** How long `verify` waits for evidence; absent where none can come, so that `verify` acts as `hold`. */
  readonly evidenceMs?: number;
}

/** A message that WhatsApp has accepted. */
export interface Sent {
  readonly message: Message;
  /** It had been sent before, under the same key; this call sent nothing. */
  readonly replayed: boolean;
}

export type SendMessageError =
  | InvalidCommand
  | Exclude<QuotaError, Unavailable>
  | Exclude<CredentialsError, Unavailable>
  | HeldBack
  /** The Tenant Service or the store is not there, or the sender is closing. Nothing was stored or sent. */
  | Unavailable
  | KeyReused
  /** `replayed`: the answer of an earlier call under the same key. */
  | (NotDelivered & { readonly replayed: boolean })
  | OutcomeUnrecorded;

/** The key was used with another body. */
interface KeyReused {
  readonly kind: "KeyReused";
}

interface Key extends IdempotencyKey {
  readonly tenantId: string;
}

/** Sends one message and waits for its end. */
export function createSendMessage(
  ports: SendMessagePorts,
  options: SendMessageOptions,
  units: QuotaUnits,
  drain: Drain,
): (command: SendMessageCommand) => R<Sent, SendMessageError> {
  const { messages, credentials, pacer, clock, ids, telemetry } = ports;
  const attempt = createAttempt(ports, options, drain);
  const deliver = createDeliverMessage(ports, options, drain);
  const amend = createAmend(ports);
  const keysInUse = createKeysInUse();

  function policyOf(command: SendMessageCommand): SendPolicy {
    const wanted = command.onAmbiguous ?? options.onAmbiguous;
    return {
      scheduleMs: normalizeSchedule(options.scheduleMs),
      onAmbiguous: wanted === "verify" && options.evidenceMs === undefined ? "hold" : wanted,
      evidenceMs: options.evidenceMs ?? 0,
    };
  }

  function keyOf(command: SendMessageCommand): Key | undefined {
    if (!command.idempotency) return undefined;
    const { idempotency, traceparent: _, ...plain } = command;
    const fingerprint = ids.digest(canonicalJson(idempotency.body ?? plain));
    return { tenantId: command.tenantId, key: idempotency.key, fingerprint };
  }

  /** The document is added with its first intent in it, so that a send costs two commits. */
  const accept = (intended: Message): R<Commit, Unavailable | KeyReused> =>
    messages.accept(intended).andThen((accepting) => {
      if (accepting.kind === "KeyReused") return err(keyReused);
      if (accepting.kind === "Known") return ok({ applied: false, message: accepting.message });
      telemetry.record({ kind: "MessageAccepted", messageId: intended.id, outlet: intended.request.outlet });
      return ok({ applied: true, message: intended });
    });

  async function begin(task: Task, blockId: string): Promise<Result<Sent, SendMessageError>> {
    const { request, policy, key, credential, deadlineAt } = task;
    const firstSlotMs = policy.scheduleMs[0] ?? 0;
    const firstSlotAt = new Date(clock.now().getTime() + firstSlotMs);
    if (firstSlotMs > 0 && !(await drain.sleepUntil(firstSlotAt))) return err(closing);
    // The first attempt is always made: a deadline bounds the repeats.
    const permitBy = firstSlotAt > deadlineAt ? firstSlotAt : deadlineAt;
    const lane = { ...request.outlet, phoneNumberId: credential.phoneNumberId, to: request.to };
    const tried = await pacer.within<Tried, SendMessageError>(lane, permitBy, () => {
      if (drain.closing) return errAsync(closing);
      const message = newMessage({
        id: ids.messageId(),
        request,
        policy,
        acceptedAt: clock.now(),
        quotaBlockId: blockId,
        ...(key && { idempotencyKey: { key: key.key, fingerprint: key.fingerprint } }),
      });
      return new ResultAsync(attempt(message, credential, accept));
    });
    if (tried.isErr()) return err(tried.error);
    const { message, outcome } = tried.value;
    if (!outcome) return ok({ message, replayed: true });
    const delivered = await deliver({ message, outcome, credential }, deadlineAt);
    return delivered.map((ended) => ({ message: ended, replayed: false }));
  }

  /** What a key that was used before answers. */
  async function recall(key: Key): Promise<Result<Message | undefined, Unavailable | KeyReused>> {
    const found = await messages.find(key);
    if (found.isErr()) return err(found.error);
    const known = found.value;
    return known && known.idempotencyKey?.fingerprint !== key.fingerprint ? err(keyReused) : ok(known);
  }

  /** Under a key that is known: its answer; of a message that a crash cut off, after it was resumed. */
  async function repeated(known: Message, key: Key, deadlineAt: Date): Promise<Result<Sent, SendMessageError>> {
    if (known.conclusion?.as !== "cut off" || wasSent(known)) return answer({ message: known, replayed: true });
    const resumed = await keysInUse.within(key, () => carryOn(known, deadlineAt));
    return resumed.andThen((message) => answer({ message, replayed: false }));
  }

  async function carryOn(known: Message, deadlineAt: Date): Promise<Result<Message, SendMessageError>> {
    const found = await credentials.lookup(known.request.outlet);
    if (found.isErr()) return err(found.error);
    const lifted = await amend(known, (current) => resume(current, clock.now()));
    if (lifted.isErr()) return err(lifted.error);
    // A status webhook may still prove the lost attempt: its commit then makes the repeat's intent conflict.
    await drain.sleepUntil(new Date(clock.now().getTime() + resumedEvidenceMs));
    return deliver({ message: lifted.value, credential: found.value }, deadlineAt);
  }

  function deadlineOf({ waitMs = options.sendDeadlineMs }: SendMessageCommand): Date {
    return new Date(clock.now().getTime() + Math.min(waitMs, options.sendDeadlineMs));
  }

  async function send(command: SendMessageCommand): Promise<Result<Sent, SendMessageError>> {
    const request = parseSendCommand(command);
    if (request.isErr()) return err(request.error);
    if (drain.closing) return err(closing);
    const key = keyOf(command);
    if (key) {
      const known = await recall(key);
      if (known.isErr()) return err(known.error);
      if (known.value) return repeated(known.value, key, deadlineOf(command));
    }

    const deadlineAt = deadlineOf(command);
    const sent = await keysInUse.within(key, async (): Promise<Result<Sent, SendMessageError>> => {
      const found = await credentials.lookup(request.value.outlet);
      if (found.isErr()) return err(found.error);
      const task = { request: request.value, policy: policyOf(command), key, credential: found.value, deadlineAt };
      return units.within(command.tenantId, usedUnit, (blockId) => begin(task, blockId));
    });
    if (sent.isOk()) return answer(sent.value);
    if (sent.error.kind === "OutcomeUnrecorded") {
      const { message, reason } = sent.error;
      telemetry.record({ kind: "OutcomeUnrecorded", messageId: message.id, reason });
    }
    return err(sent.error);
  }

  return (command) => new ResultAsync(send(command));
}

/** A command that was found valid, and the rules that it goes by. */
interface Task {
  readonly request: MessageRequest;
  readonly policy: SendPolicy;
  readonly key: Key | undefined;
  readonly credential: Credential;
  readonly deadlineAt: Date;
}

/** How long a resumed message waits for evidence before it goes on by its policy. */
const resumedEvidenceMs = 5000;

const keyReused: KeyReused = { kind: "KeyReused" };

function usedUnit(result: Result<Sent, SendMessageError>): boolean {
  return result.isOk()
    ? !result.value.replayed && keepsUnit(result.value.message)
    : result.error.kind === "OutcomeUnrecorded";
}

function answer({ message, replayed }: Sent): Result<Sent, SendMessageError> {
  return answerOf(message)
    .map(() => ({ message, replayed }))
    .mapErr((error) => ({ ...error, replayed }));
}
