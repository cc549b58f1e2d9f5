import { err, type Result } from "neverthrow";

import { canonicalJson } from "./canonical-json.ts";
import type { MessageId } from "../../content/identifiers.ts";
import type { IdempotencyKey, Message } from "../../domain/message.ts";
import type { Ids } from "../../ports/ids.ts";
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
  const { idempotency, tenantId } = command;
  if (!idempotency) return undefined;
  const fingerprint = ids.digest(canonicalJson(idempotency.body ?? bodyOf(command), absent));
  return { tenantId, key: idempotency.key, fingerprint };
}

function bodyOf({ idempotency: _, traceparent: __, ...body }: MessageCommand): object {
  return body;
}

/** A null field counts as absent. */
const absent = [undefined, null];

/** The message that was stored under the key, if there is one: `found` is what the store found under it. */
export function knownUnder(
  key: Key,
  found: Result<Message | undefined, Unavailable>,
): Result<Message | undefined, Unavailable | KeyReused> {
  if (found.isErr() || !found.value || found.value.idempotencyKey?.fingerprint === key.fingerprint) return found;
  return err({ kind: "KeyReused", messageId: found.value.id });
}
