import { err, ok, type Result, ResultAsync } from "neverthrow";

import { newMessage } from "../../domain/message-changes.ts";
import type { Message, MessageRequest } from "../../domain/message.ts";
import type { SendPolicy } from "../../domain/retry-policy.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Credentials, CredentialsError } from "../../ports/credentials.ts";
import type { Ids } from "../../ports/ids.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { QuotaError } from "../../ports/quota.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Accept } from "../accept/accept-message.ts";
import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { type Key, type KeyReused, keyOf, knownUnder } from "../accept/idempotency.ts";
import type { QueueFull, QueueLimit } from "./queue-limit.ts";
import type { KeysInUse } from "../accept/keys-in-use.ts";
import type { UnitUse } from "../quota/block.ts";
import type { QuotaUnits } from "../quota/quota-units.ts";
import type { TemplateCheck, TemplateRefused } from "../templates/template-check.ts";
import { recordCall } from "../accept/record-call.ts";
import { type EnqueueMessageCommand, parseSendCommand } from "../accept/send-command.ts";
import type { InvalidCommand } from "../accept/field-checks.ts";
import { createPolicyOf, type PolicyOptions } from "../accept/send-policy.ts";

/** A message that is stored and has its unit of quota. The queue will send or conclude it. */
export interface Enqueued {
  readonly message: Message;
  /** Whether it had been accepted before, under the same key. `message` is then its current state. */
  readonly replayed: boolean;
}

/** Why a message was not accepted for the queue. */
export type EnqueueMessageError =
  | InvalidCommand
  | QuotaError
  | CredentialsError
  | KeyReused
  | TemplateRefused
  | QueueFull
  /** Another call under the same key is in progress. */
  | { readonly kind: "InProgress"; readonly replayed: boolean };

interface EnqueueMessageParts extends PolicyOptions {
  readonly messages: MessageStore;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: ShutdownSignal;
  readonly units: QuotaUnits;
  readonly templateCheck: TemplateCheck;
  readonly keysInUse: KeysInUse;
  readonly accept: Accept;
  readonly limit: QueueLimit;
  /** For how long attempts may begin, unless the command says otherwise. */
  readonly ttlMs: number;
  /** How long messages are kept: none is scheduled for later. */
  readonly retentionMs: number;
}

/** Accepts one message for the queue. */
export function createEnqueueMessage(
  parts: EnqueueMessageParts,
): (command: EnqueueMessageCommand) => ResultAsync<Enqueued, EnqueueMessageError> {
  const { messages, credentials, clock, ids, tracing, shutdown, units, keysInUse, accept, templateCheck, limit } =
    parts;
  const policyOf = createPolicyOf(parts);

  /** Times of the wall clock as it is at the accept: they do not move if it is set later. */
  function queuePolicyOf(command: EnqueueMessageCommand, acceptedAt: Date): SendPolicy {
    const { scheduledAt, ttlMs = parts.ttlMs } = command;
    const startsAt = Math.max(acceptedAt.getTime(), scheduledAt?.getTime() ?? 0);
    return { ...policyOf(command), ...(scheduledAt && { scheduledAt }), expiresAt: new Date(startsAt + ttlMs) };
  }

  function tooFarAhead({ scheduledAt }: EnqueueMessageCommand): InvalidCommand | undefined {
    if (!scheduledAt || scheduledAt.getTime() - clock.now().getTime() <= parts.retentionMs) return undefined;
    const detail = `must be at most ${describeMs(parts.retentionMs)} ahead, which is how long messages are kept`;
    return { kind: "InvalidCommand", problems: [{ path: ["scheduledAt"], detail }] };
  }

  /** Accepts a message for which there is room. */
  async function enqueueNew(
    command: EnqueueMessageCommand,
    request: MessageRequest,
    key: Key | undefined,
  ): Promise<Result<Enqueued, EnqueueMessageError>> {
    const found = await credentials.lookup(request.outlet);
    if (found.isErr()) return err(found.error);
    const refused = await templateCheck.refusal(request, found.value, "queued");
    if (refused) return err(refused);
    return units.withUnit(command.tenantId, useOf, async (quotaBlockId) => {
      const acceptedAt = clock.now();
      const accepted = await accept(
        newMessage({
          id: ids.messageId(),
          request,
          mode: "queued",
          policy: queuePolicyOf(command, acceptedAt),
          acceptedAt,
          quotaBlockId,
          ...(key && { idempotencyKey: { key: key.key, fingerprint: key.fingerprint } }),
        }),
      );
      return accepted.map(({ applied, message }) => ({ message, replayed: !applied }));
    });
  }

  async function enqueue(command: EnqueueMessageCommand): Promise<Result<Enqueued, EnqueueMessageError>> {
    const parsed = parseSendCommand(command, tracing.current());
    if (parsed.isErr()) return err(parsed.error);
    if (shutdown.closing) return err(closing);
    const key = keyOf(command, ids);
    if (key) {
      const known = knownUnder(key, await messages.find(key));
      if (known.isErr()) return err(known.error);
      if (known.value) return ok({ message: known.value, replayed: true });
    }
    // The same command was valid when it was accepted.
    const invalid = tooFarAhead(command);
    if (invalid) return err(invalid);
    return keysInUse.withKey(key, async (): Promise<Result<Enqueued, EnqueueMessageError>> => {
      const admitted = await limit.enter(command.tenantId);
      if (admitted.isErr()) return err(admitted.error);
      const enqueued = await enqueueNew(command, parsed.value, key);
      if (enqueued.isErr() || enqueued.value.replayed) limit.leave(command.tenantId);
      return enqueued;
    });
  }

  async function enqueueAndRecord(command: EnqueueMessageCommand): Promise<Result<Enqueued, EnqueueMessageError>> {
    const startedMs = clock.monotonicMs();
    const result = await enqueue(command);
    recordCall("enqueue", parts, startedMs, result);
    return result;
  }

  return (command) => new ResultAsync(enqueueAndRecord(command));
}

/** A message whose accept failed may still be in the store and be sent: the store then knows whether its unit is used. */
function useOf(result: Result<Enqueued, Unavailable | KeyReused>): UnitUse {
  if (result.isErr()) return result.error.kind === "Unavailable" ? "left" : "unused";
  return result.value.replayed ? "unused" : "left";
}

function describeMs(ms: number): string {
  return ms % dayMs === 0 ? `${ms / dayMs} days` : `${ms} ms`;
}

const dayMs = 86_400_000;
