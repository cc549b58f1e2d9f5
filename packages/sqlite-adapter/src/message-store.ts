import {
  decodeMessage,
  encodeHistoryEntry,
  encodeMessage,
  type Clock,
  type HistoryEntry,
  isFinished,
  keepsUnit,
  type Message,
  type MessageStore,
  type Unavailable,
  wamidsOf,
} from "@message-sender/core";
import { err, ok, Result } from "neverthrow";

import { type GroupCommit, unavailable } from "./group-commit.ts";
import type { EntryRow, MessageRow } from "./procedures.ts";

export function createSqliteMessageStore({ call }: GroupCommit, clock: Clock): MessageStore {
  return {
    accept(message) {
      const { request, quotaBlockId, idempotencyKey: key } = message;
      const keyRow = key ? ([key.key, key.fingerprint] as const) : null;
      return call("accept", rowOf(message), request.outlet.tenantId, quotaBlockId, keyRow).andThen((answer) => {
        switch (answer[0]) {
          case "Known":
            return decoded(answer[1]).map((known) => ({ kind: "Known" as const, message: known }));
          case "IdTaken":
            return err(unavailable("a message of this id is stored already"));
          default:
            return ok({ kind: answer[0] });
        }
      });
    },
    commit({ next, outbox = [] }) {
      const now = clock.now().getTime();
      const entries = outbox.map((entry) => entryRowOf(entry, now));
      return call("commit", rowOf(next), next.idempotencyKey !== undefined, wamidsOf(next), entries).andThen(
        (answer) => {
          switch (answer[0]) {
            case "Outrun":
              return decoded(answer[1]).map((message) => ({ applied: false, message }));
            case "MessageUnknown":
              return err({ kind: "MessageUnknown" as const });
            default:
              return ok({ applied: true, message: next });
          }
        },
      );
    },
    find(by) {
      const found =
        "id" in by
          ? call("findById", by.id)
          : "wamid" in by
            ? call("findByWamid", by.wamid)
            : call("findByKey", by.tenantId, by.key);
      return found.andThen((document) => (document === undefined ? ok(undefined) : decoded(document)));
    },
    overdue: (limit) => call("overdue", limit).andThen((documents) => Result.combine(documents.map(decoded))),
  };
}

function rowOf(message: Message): MessageRow {
  const { id, revision } = message;
  return [id, revision, keepsUnit(message) ? 1 : 0, isFinished(message) ? 1 : 0, encodeMessage(message)];
}

function entryRowOf(entry: HistoryEntry, now: number): EntryRow {
  const { messageId, version, outlet, conversationId } = entry;
  return [`${messageId}:${version}`, outlet.tenantId, conversationId, now, encodeHistoryEntry(entry)];
}

function decoded(document: string): Result<Message, Unavailable> {
  try {
    return ok(decodeMessage(document));
  } catch {
    return err(unavailable("a stored message is damaged"));
  }
}
