import { errAsync, okAsync } from "neverthrow";

import type { MessageId } from "../domain/identifiers.ts";
import type { Message } from "../domain/message.ts";
import { isFinished, keepsUnit, wamidsOf } from "../domain/status.ts";
import type { Clock } from "../ports/clock.ts";
import type { MessageStore } from "../ports/message-store.ts";
import type { Outbox } from "../ports/outbox.ts";
import type { QuotaBlock } from "../ports/quota.ts";
import type { QuotaLedger } from "../ports/quota-ledger.ts";
import { createInMemoryOutbox } from "./outbox.ts";

/** One store behind the three ports that share its commits. */
export interface InMemoryStore {
  readonly messages: MessageStore;
  readonly outbox: Outbox;
  readonly quotaLedger: QuotaLedger;
}

/** Forgets with its process, and beyond `capacity` (default 100,000) the oldest messages that have come to an end. */
export function createInMemoryStore({ clock, capacity = 100_000 }: { clock: Clock; capacity?: number }): InMemoryStore {
  const documents = new Map<MessageId, Message>();
  const byWamid = new Map<string, MessageId>();
  const byKey = new Map<string, MessageId>();
  const blocks = new Map<string, QuotaBlock>();
  const outbox = createInMemoryOutbox(clock);

  function put(message: Message): void {
    const before = documents.get(message.id);
    const freed = before && !message.idempotencyKey && keyName(before);
    if (freed) byKey.delete(freed);
    documents.set(message.id, message);
    const key = keyName(message);
    if (key) byKey.set(key, message.id);
    for (const wamid of wamidsOf(message)) byWamid.set(wamid, message.id);
  }

  function forgetOldest(): void {
    for (const message of documents.values()) {
      if (documents.size <= capacity) return;
      if (!isFinished(message)) continue;
      documents.delete(message.id);
      const key = keyName(message);
      if (key && byKey.get(key) === message.id) byKey.delete(key);
      for (const wamid of wamidsOf(message)) byWamid.delete(wamid);
    }
  }

  const messages: MessageStore = {
    accept(message) {
      const key = keyName(message);
      const known = key === undefined ? undefined : documents.get(byKey.get(key) ?? "");
      if (known) {
        const isSame = known.idempotencyKey?.fingerprint === message.idempotencyKey?.fingerprint;
        return okAsync(isSame ? { kind: "Known", message: known } : { kind: "KeyReused" });
      }
      put(message);
      forgetOldest();
      return okAsync({ kind: "New" });
    },
    commit({ next, outbox: entries }) {
      const current = documents.get(next.id);
      if (!current) return errAsync({ kind: "MessageUnknown" });
      if (current.revision !== next.revision - 1) return okAsync({ applied: false, message: current });
      put(next);
      if (entries) outbox.add(entries);
      return okAsync({ applied: true, message: next });
    },
    overdue: () => okAsync([]),
    find(by) {
      if ("id" in by) return okAsync(documents.get(by.id));
      const id = "wamid" in by ? byWamid.get(by.wamid) : byKey.get(`${by.tenantId} ${by.key}`);
      return okAsync(id === undefined ? undefined : documents.get(id));
    },
  };

  const quotaLedger: QuotaLedger = {
    open(block) {
      blocks.set(block.id, block);
      return okAsync(undefined);
    },
    unsettled() {
      const used = new Map<string, number>();
      for (const message of documents.values()) {
        if (keepsUnit(message)) used.set(message.quotaBlockId, (used.get(message.quotaBlockId) ?? 0) + 1);
      }
      return okAsync([...blocks.values()].map((block) => ({ block, used: used.get(block.id) ?? 0 })));
    },
    close(block) {
      blocks.delete(block.id);
      return okAsync(undefined);
    },
  };

  return { messages, outbox, quotaLedger };
}

function keyName(message: Message): string | undefined {
  return message.idempotencyKey && `${message.request.outlet.tenantId} ${message.idempotencyKey.key}`;
}
