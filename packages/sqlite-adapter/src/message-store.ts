import { type Message, wamidsOf } from "@message-sender/core";
import {
  decodeStored,
  decodeEachStored,
  decodeMessage,
  delaysUntil,
  encodeMessage,
  isFinished,
  needsAttention,
  kindOf,
  type EnteredClaimed,
  enteredClaimed,
  holdsQuotaUnit,
  type MessageStore,
  type NewOutboxEntry,
  orderAt,
  outboxRowOf,
  queueDueAt,
  type SteadyTime,
} from "@message-sender/core/adapter";
import { err, ok } from "neverthrow";

import { type GroupCommit, unavailable } from "./database/group-commit.ts";
import { createMessageCount } from "./message-count.ts";
import { createMessageList } from "./message-list.ts";
import type { ChangeKind, MessageRow, RequestRow } from "./procedures/message-store.ts";
import type { EntryRow } from "./procedures/outbox.ts";
import type { BlockRow } from "./procedures/quota-ledger.ts";

export function createMessageStore(commits: GroupCommit, time: SteadyTime): MessageStore {
  const { call } = commits;
  const rowOf = (message: Message): MessageRow => messageRow(message, time);

  /** The entries that entered leased. */
  function claimedOf(
    outbox: readonly NewOutboxEntry[],
    rows: readonly EntryRow[],
    leased: readonly string[],
  ): { readonly claimed?: readonly EnteredClaimed[] } {
    if (leased.length === 0) return {};
    const claimed = rows.flatMap(([id, , , , enqueuedAt], index) => {
      const added = outbox[index];
      return added && leased.includes(id) ? [enteredClaimed(added, id, time.toWall(enqueuedAt))] : [];
    });
    return { claimed };
  }

  return {
    accept(message, outbox = []) {
      const { quotaBlockId, idempotencyKey: key } = message;
      const keyRow = key ? ([key.key, key.fingerprint] as const) : null;
      const entries = entryRowsOf(outbox, time);
      return call("accept", rowOf(message), requestRow(message), quotaBlockId, keyRow, entries).andThen((answer) => {
        switch (answer[0]) {
          case "Known":
            return decodeStored(answer[1], decodeMessage).map((known) => ({ kind: "Known" as const, message: known }));
          case "IdTaken":
            return err(unavailable("a message with this id is already stored"));
          case "KeyReused":
            return ok({ kind: "KeyReused" as const });
          case "New":
            return ok({ kind: "New" as const, ...claimedOf(outbox, entries, answer[1]) });
        }
      });
    },
    commit({ next, outbox = [], isBystander = false, recountsUnit = false }) {
      const now = time.now();
      const entries = entryRowsOf(outbox, time);
      const row = rowOf(next);
      const kind = kindOfChange(row, next, isBystander);
      const { tenantId, outletId } = next.request.outlet;
      const line = [tenantId, outletId] as const;
      const change = [next.idempotencyKey !== undefined, isBystander, next.quotaBlockId, kind, line] as const;
      const recounted = recountsUnit ? blockRowOf(next, now) : null;
      return call("commit", row, change, wamidsOf(next), entries, recounted).andThen((answer) => {
        switch (answer[0]) {
          case "Outrun":
            return decodeStored(answer[1], decodeMessage).map((message) => ({ applied: false, message }));
          case "MessageUnknown":
            return err({ kind: "MessageUnknown" as const });
          case "Applied":
            return ok({ applied: true, message: next, ...claimedOf(outbox, entries, answer[1]) });
        }
      });
    },
    find(by) {
      const found =
        "id" in by
          ? call("findById", by.id)
          : "wamid" in by
            ? call("findByWamid", by.wamid)
            : call("findByKey", by.tenantId, by.key);
      return found.andThen((document) =>
        document === undefined ? ok(undefined) : decodeStored(document, decodeMessage),
      );
    },
    list: createMessageList(commits),
    count: createMessageCount(commits),
    overdue: (limit) => call("overdue", limit).andThen(allDecoded),
  };
}

function messageRow(message: Message, time: SteadyTime): MessageRow {
  const { id, revision } = message;
  const flags = [holdsQuotaUnit(message) ? 1 : 0, isFinished(message) ? 1 : 0] as const;
  const { status, pricingCategory = null, billable } = kindOf(message);
  const pricing = [pricingCategory, billable === undefined ? null : billable ? 1 : 0] as const;
  return [
    id,
    revision,
    ...flags,
    ...placeRow(message, time),
    status,
    needsAttention(status) ? 1 : 0,
    ...pricing,
    encodeMessage(message),
  ];
}

/** The place of an unfinished message in the queue. */
function placeRow(message: Message, time: SteadyTime) {
  if (message.mode !== "queued" || isFinished(message)) return notQueued;
  const now = time.toWall(time.now());
  const due = queueDueAt(message, now);
  const [dueAt, dueSetAt] = due ? [time.of(due), time.now()] : [null, null];
  return [dueAt, dueSetAt, time.of(orderAt(message, now)), time.of(delaysUntil(message, now)), 1] as const;
}

const notQueued = [null, null, null, null, 0] as const;

function kindOfChange([, , , isFinished]: MessageRow, { attempts }: Message, isBystander: boolean): ChangeKind {
  if (!isFinished) return "other";
  if (attempts.some(({ reports }) => reports)) return "status";
  return isBystander ? "outcome" : "other";
}

function requestRow({ request, acceptedAt }: Message): RequestRow {
  const { outlet, conversationId, to, content, reference = null } = request;
  return [outlet.tenantId, outlet.outletId, conversationId, to, reference, content.type, acceptedAt.getTime()];
}

function entryRowsOf(outbox: readonly NewOutboxEntry[], time: SteadyTime): readonly EntryRow[] {
  return outbox.map((added) => {
    const { id, topic, tenantId, queue, entry } = outboxRowOf(added);
    const now = time.now();
    return [id, topic, tenantId, queue, now, entry, added.leaseMs === undefined ? null : now + added.leaseMs];
  });
}

/** The row of a block that may be closed by now: no more units are taken from it. */
function blockRowOf({ quotaBlockId, request }: Message, now: number): BlockRow {
  return [quotaBlockId, request.outlet.tenantId, 0, now];
}

function allDecoded(documents: readonly string[]) {
  return decodeEachStored(documents, decodeMessage);
}
