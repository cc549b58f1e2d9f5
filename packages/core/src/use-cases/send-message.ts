import { err, ok, okAsync, type Result, safeTry } from "neverthrow";

import { answerOf, type NotDelivered } from "../domain/answer.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { type IdempotencyKey, type Message, type MessageRequest, newMessage } from "../domain/message.ts";
import { type OnAmbiguous, normalizeSchedule, type SendPolicy } from "../domain/retry-policy.ts";
import { keepsUnit } from "../domain/status.ts";
import type { CredentialsError } from "../ports/credentials.ts";
import type { Ids } from "../ports/ids.ts";
import type { Accepting, Commit } from "../ports/message-store.ts";
import type { HeldBack } from "../ports/pacer.ts";
import type { QuotaError } from "../ports/quota.ts";
import type { R, Unavailable } from "../ports/result.ts";
import { type AttemptOptions, createAttempt, type OutcomeUnrecorded } from "./attempt.ts";
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
  /** The key was used with another body. */
  | { readonly kind: "KeyReused" }
  /** `replayed`: the answer of an earlier call under the same key. */
  | (NotDelivered & { readonly replayed: boolean })
  | OutcomeUnrecorded;

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
  const attempt = createAttempt(ports, options);
  const deliver = createDeliverMessage(ports, options, drain);
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

  /** What a key that was used before answers. */
  const recall = (key: Key | undefined): R<Message | undefined, Unavailable | { kind: "KeyReused" }> =>
    key
      ? messages
          .find(key)
          .andThen((known) =>
            known && known.idempotencyKey?.fingerprint !== key.fingerprint
              ? err({ kind: "KeyReused" } as const)
              : ok(known),
          )
      : okAsync(undefined);

  /** The document is added with its first intent in it, so that a send costs two commits. */
  const accept = (intended: Message): R<Commit, Unavailable | { kind: "KeyReused" }> =>
    messages.accept(intended).andThen((accepting: Accepting) => {
      if (accepting.kind === "KeyReused") return err({ kind: "KeyReused" } as const);
      if (accepting.kind === "Known") return ok({ applied: false, message: accepting.message });
      telemetry.record({ kind: "MessageAccepted", messageId: intended.id, outlet: intended.request.outlet });
      return ok({ applied: true, message: intended });
    });

  const begin = (
    request: MessageRequest,
    policy: SendPolicy,
    key: Key | undefined,
    blockId: string,
    deadlineAt: Date,
  ) =>
    safeTry<Sent, SendMessageError>(async function* () {
      const calledAt = clock.now().getTime();
      const credential = yield* await credentials.lookup(request.outlet);
      const firstSlotAt = new Date(calledAt + (policy.scheduleMs[0] ?? 0));
      if (!(await drain.sleepUntil(firstSlotAt))) return err(closing);
      // The first attempt is always made: a deadline bounds the repeats.
      const permitBy = firstSlotAt > deadlineAt ? firstSlotAt : deadlineAt;
      const lane = { ...request, ...request.outlet, ...credential };
      const tried = yield* await pacer.within(lane, permitBy, () =>
        attempt(
          newMessage({
            id: ids.messageId(),
            request,
            policy,
            acceptedAt: clock.now(),
            quotaBlockId: blockId,
            ...(key && { idempotencyKey: { key: key.key, fingerprint: key.fingerprint } }),
          }),
          credential,
          accept,
        ),
      );
      if (!tried.outcome) return ok({ message: tried.message, replayed: true });
      const message = yield* await deliver({ ...tried, credential }, deadlineAt);
      return ok({ message, replayed: false });
    });

  return (command) =>
    safeTry(async function* () {
      const request = yield* parseSendCommand(command);
      if (drain.closing) return err(closing);
      const key = keyOf(command);
      const known = yield* await recall(key);
      if (known) return answer({ message: known, replayed: true });
      const waitMs = Math.min(command.waitMs ?? options.sendDeadlineMs, options.sendDeadlineMs);
      const deadlineAt = new Date(clock.now().getTime() + waitMs);
      const sent = yield* await keysInUse.within(key, () =>
        units.within(command.tenantId, usedUnit, (blockId) =>
          begin(request, policyOf(command), key, blockId, deadlineAt),
        ),
      );
      return answer(sent);
    }).orTee((error) => {
      if (error.kind !== "OutcomeUnrecorded") return;
      telemetry.record({ kind: "OutcomeUnrecorded", messageId: error.message.id, reason: error.reason });
    });
}

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
