import { err, ok, type Result } from "neverthrow";

import { canonicalJson } from "./canonical-json.ts";
import type { MessageId } from "../../content/identifiers.ts";
import type { IdempotencyKey, Message } from "../../domain/message.ts";
import type { Ids } from "../../ports/ids.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { MessageCommand } from "./send-command.ts";

/** The idempotency key was used with another body. */
export interface KeyReused {
  readonly kind: "KeyReused";
  /** The message that has the key; absent if it is not stored yet. */
  readonly messageId?: MessageId;
}

/** A key within its tenant. */
export interface Key extends IdempotencyKey {
  readonly tenantId: string;
}

/** The command's idempotency key, with a fingerprint of its body. */
export function keyOf(command: MessageCommand, ids: Ids): Key | undefined {
  if (!command.idempotency) return undefined;
  const { idempotency, traceparent: _, ...plain } = command;
  // A null field counts as absent.
  const fingerprint = ids.digest(canonicalJson(idempotency.body ?? plain, [undefined, null]));
  return { tenantId: command.tenantId, key: idempotency.key, fingerprint };
}

/** The message that was stored under the key, if there is one. */
export async function findByKey(
  messages: MessageStore,
  key: Key,
): Promise<Result<Message | undefined, Unavailable | KeyReused>> {
  const found = await messages.find(key);
  if (found.isErr()) return err(found.error);
  const known = found.value;
  if (!known || known.idempotencyKey?.fingerprint === key.fingerprint) return ok(known);
  return err({ kind: "KeyReused", messageId: known.id });
}
