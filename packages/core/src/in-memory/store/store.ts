import { errAsync, okAsync } from "neverthrow";

import type { MessageId } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import { isErased } from "../../domain/erased.ts";
import { isFinished, wamidsOf } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { QuotaCounters } from "../../ports/store/quota-counters.ts";
import type { RetentionLimits } from "../../ports/store/retention.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Store } from "../../ports/store/store.ts";
import { byClock } from "../../ports/timeline.ts";
import { createSteadyTime } from "../../time/steady-time.ts";
import { createInMemoryBacklog } from "./backlog.ts";
import { createIdQueue } from "./id-queue.ts";
import { createInMemoryWebhookInbox } from "./webhook-inbox.ts";
import { countMessages } from "./message-counts.ts";
import { createDocuments } from "./documents.ts";
import { pageOf } from "./message-list.ts";
import { createInMemoryMessageQueue, type InMemoryProcess } from "./message-queue.ts";
import { createInMemoryErasure } from "./erasure.ts";
import { createInMemoryOutbox } from "./outbox.ts";
import { createInMemoryParkedStatuses } from "./parked-statuses.ts";
import { createInMemoryPauses } from "./pauses.ts";
import { createInMemoryQuotaCounters } from "./quota-counters.ts";
import { createInMemoryQuotaLedger } from "./quota-ledger.ts";
import { createInMemoryRecipients } from "./recipients.ts";

/** One store behind the ports that share its commits. */
export interface InMemoryStore extends Store {
  readonly quotaCounters: QuotaCounters;
  /** Makes every call to the store answer `Unavailable`, until it is called with `false`. */
  setUnavailable(isUnavailable: boolean): void;
  /** The queue as another process has it. */
  openAnotherProcess(): InMemoryProcess;
}

/** Options of an in-memory store. */
export interface InMemoryStoreOptions {
  readonly clock: Clock;
  /** How many messages it keeps. Default: 100,000. */
  readonly capacity?: number;
  /** How many status updates of unknown messages it keeps. Default: 100,000. */
  readonly parkedStatusCapacity?: number;
}

/**
 * A store that ends with its process. Beyond `capacity` messages it drops the oldest finished ones, in constant time a message.
 */
export function createInMemoryStore(options: InMemoryStoreOptions): InMemoryStore {
  const { clock, capacity = 100_000, parkedStatusCapacity = 100_000 } = options;
  const documents = createDocuments();
  const byWamid = new Map<string, MessageId>();
  const byKey = new Map<string, MessageId>();
  const oldest = createIdQueue();
  const time = createSteadyTime(clock);
  const queue = createInMemoryMessageQueue({ clock, time, find: (id) => documents.get(id)?.message });
  const outbox = createInMemoryOutbox(clock);
  const inbox = createInMemoryWebhookInbox(outbox);
  const parkedStatuses = createInMemoryParkedStatuses(time, byWamid, parkedStatusCapacity);
  const quotaLedger = createInMemoryQuotaLedger(documents);
  const recipients = createInMemoryRecipients();

  /** Finds the message by its WhatsApp ids, and in the queue, from now on. */
  function follow(message: Message, before?: Message): void {
    for (const wamid of wamidsOf(message)) {
      byWamid.set(wamid, message.id);
      parkedStatuses.match(wamid);
    }
    if (message.mode === "queued" || before?.mode === "queued") queue.note(message);
  }

  function forgetKey(message: Message): boolean {
    const key = keyName(message);
    return key !== undefined && byKey.get(key) === message.id && byKey.delete(key);
  }

  function forget(message: Message): void {
    documents.delete(message.id);
    forgetKey(message);
    for (const wamid of wamidsOf(message)) if (byWamid.get(wamid) === message.id) byWamid.delete(wamid);
  }

  /** Looks at a few of the oldest in a call, however many of them are unfinished. */
  function forgetOldest(): void {
    for (let left = looksPerAccept; documents.size > capacity && left > 0; left -= 1) {
      const id = oldest.take();
      const message = id === undefined ? undefined : documents.get(id)?.message;
      if (!message) continue;
      if (isFinished(message)) {
        quotaLedger.keepUnit(message);
        forget(message);
      } else oldest.add(message.id);
    }
  }

  function isNeeded(message: Message): boolean {
    return quotaLedger.counts(message) || outbox.holds(message.id);
  }

  /** The documents are in the order in which they were accepted. */
  function forgetFinished(before: RetentionLimits, limit: number): number {
    let keys = 0;
    let messages = 0;
    const latest = Math.max(before.keys.getTime(), before.messages.getTime());
    for (const { message } of documents.all()) {
      if (message.acceptedAt.getTime() >= latest) break;
      if (!isFinished(message)) continue;
      if (message.acceptedAt < before.messages && messages < limit && !isNeeded(message)) {
        forget(message);
        messages += 1;
      } else if (message.acceptedAt < before.keys && keys < limit && forgetKey(message)) keys += 1;
    }
    return keys + messages;
  }

  const messages: MessageStore = {
    accept(message, entries) {
      const key = keyName(message);
      const known = key === undefined ? undefined : documents.get(byKey.get(key) ?? "")?.message;
      if (known) {
        const isSame = known.idempotencyKey?.fingerprint === message.idempotencyKey?.fingerprint;
        return okAsync(isSame ? { kind: "Known", message: known } : { kind: "KeyReused" });
      }
      documents.add(message);
      oldest.add(message.id);
      if (key !== undefined) byKey.set(key, message.id);
      follow(message);
      const claimed = entries ? outbox.add(entries) : [];
      forgetOldest();
      return okAsync(claimed.length > 0 ? { kind: "New", claimed } : { kind: "New" });
    },
    commit({ next, outbox: entries, recountsUnit }) {
      const document = documents.get(next.id);
      if (!document) return errAsync({ kind: "MessageUnknown" });
      const current = document.message;
      if (current.revision !== next.revision - 1) return okAsync({ applied: false, message: current });
      document.message = next;
      // A purged key stays free, although the document still contains it.
      if (current.idempotencyKey && !next.idempotencyKey) forgetKey(current);
      follow(next, current);
      if (recountsUnit) quotaLedger.recount(next);
      const claimed = entries ? outbox.add(entries) : [];
      return okAsync({ applied: true, message: next, ...(claimed.length > 0 && { claimed }) });
    },
    list: (query) => okAsync(pageOf(documents, query)),
    count: (query) => okAsync(countMessages(documents, query)),
    overdue: () => okAsync([]),
    find(by) {
      if ("id" in by) return okAsync(documents.get(by.id)?.message);
      const id = "wamid" in by ? byWamid.get(by.wamid) : byKey.get(`${by.tenantId} ${by.key}`);
      return okAsync(id === undefined ? undefined : documents.get(id)?.message);
    },
  };

  /** The key stays: the document still has it. */
  function replace(next: Message): boolean {
    const document = documents.get(next.id);
    if (document?.message.revision !== next.revision - 1) return false;
    const current = document.message;
    for (const wamid of wamidsOf(current)) {
      if (byWamid.get(wamid) === next.id) byWamid.delete(wamid);
      parkedStatuses.forgetWamid(wamid);
    }
    document.message = next;
    return true;
  }

  const own = queue.open();
  let isAvailable = true;
  const reachable = <Port extends object>(port: Port): Port =>
    byClock(
      whileAvailable(port, () => isAvailable),
      clock,
    );

  return {
    messages: reachable(messages),
    outbox: reachable(outbox),
    webhookInbox: reachable(inbox),
    parkedStatuses: reachable(parkedStatuses),
    recipients: reachable(recipients),
    erasure: reachable(createInMemoryErasure({ recipients, inbox, outbox, parkedStatuses, replace })),
    quotaLedger: reachable(quotaLedger),
    quotaCounters: reachable(createInMemoryQuotaCounters()),
    queue: reachable(own.queue),
    lease: byClock(own.lease, clock),
    openAnotherProcess() {
      const other = queue.open();
      return { ...other, queue: reachable(other.queue) };
    },
    backlog: reachable(
      createInMemoryBacklog({
        time,
        dueTimes: queue.dueTimes,
        outbox,
        parkedStatuses,
        quotaBlocks: quotaLedger.blocks,
      }),
    ),
    pauses: reachable(createInMemoryPauses()),
    // A commit to memory takes effect at once.
    health: reachable({ check: () => okAsync(undefined) }),
    load: { oldestWaitMs: () => 0 },
    setUnavailable: (isUnavailable) => void (isAvailable = !isUnavailable),
    retention: reachable({
      forget: (before, limit) =>
        okAsync(
          forgetFinished(before, limit) +
            parkedStatuses.forget(before.parkedStatuses, limit) +
            inbox.forget(before.webhooks, limit) +
            recipients.forget(before.recipients, limit) +
            outbox.forgetOldEntries(before.outboxEntries, limit),
        ),
      kept(before, limit) {
        const messages = Array.from(documents.all(), ({ message }) => message);
        const old = messages.filter(
          (message) => message.acceptedAt < before && isFinished(message) && !isErased(message),
        );
        return okAsync(old.slice(0, limit));
      },
    }),
  };
}

const looksPerAccept = 8;

const unavailable: Unavailable = { kind: "Unavailable", reason: "the store is unavailable" };

/** The port, with `Unavailable` as the answer to every call while the store is unavailable. */
function whileAvailable<Port extends object>(port: Port, isAvailable: () => boolean): Port {
  const guarded = Object.entries(port).map(([name, call]: [string, (...args: unknown[]) => unknown]) => [
    name,
    (...args: unknown[]) => (isAvailable() ? call(...args) : errAsync(unavailable)),
  ]);
  return Object.fromEntries(guarded) as Port;
}

function keyName(message: Message): string | undefined {
  return message.idempotencyKey && `${message.request.outlet.tenantId} ${message.idempotencyKey.key}`;
}
