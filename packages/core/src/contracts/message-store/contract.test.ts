import { errAsync, ok, okAsync, type ResultAsync } from "neverthrow";

import type { IdempotencyKey, Message } from "../../domain/message.ts";
import { releaseKey } from "../../domain/message-changes.ts";
import { statusOf, wamidsOf } from "../../domain/status.ts";
import type { AcceptResult, Commit, MessageStore, MessageUnknown } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { breaking, createCrowd, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeMessageStoreContract, messageStoreContract } from "./contract.ts";
import { bodyOf } from "../fixtures.ts";
import { countSabotages } from "../../../test/sabotages/message-count.ts";
import { listSabotages } from "../../../test/sabotages/message-list.ts";
import { describeSabotage } from "../sabotage.ts";

const setup = inMemoryStore;
const broken = (change: (messages: MessageStore) => Partial<MessageStore>) => breaking("messages", change);
const brokenCommit = (spoil: (committed: Commit, next: Message) => Commit) =>
  broken((messages) => ({ commit: (change) => messages.commit(change).map((result) => spoil(result, change.next)) }));
const brokenFind = (spoil: (message: Message) => Message | undefined) =>
  broken((messages) => ({ find: (by) => messages.find(by).map((message) => message && spoil(message)) }));

describeMessageStoreContract({ name: "in-memory store", setup });

describeSabotage(messageStoreContract, {
  setup,
  sabotages: {
    "Adds a new message, whole or not at all": broken((messages) => ({
      accept: (message, outbox) =>
        messages
          .accept(message, outbox)
          .andThen((accepting): ResultAsync<AcceptResult, Unavailable> =>
            accepting.kind === "Known" ? messages.accept(releaseKey(message)).map(() => accepting) : okAsync(accepting),
          ),
    })),
    "and with it its outbox entries": [
      broken((messages) => ({ accept: (message) => messages.accept(message) })),
      broken((messages) => ({ accept: (message, outbox) => messages.accept(message, outbox?.toReversed()) })),
      broken((messages) => ({
        accept: (message, outbox = []) =>
          messages.accept(message, outbox).andThen((answer) => {
            const another = { ...releaseKey(message), id: `${message.id}-late` };
            const isLate = answer.kind !== "New" && outbox.length > 0;
            return isLate ? messages.accept(another, outbox).map(() => answer) : okAsync(answer);
          }),
      })),
    ],
    "Messages without a key are always `New`": broken((messages) => {
      const isCrowded = createCrowd();
      return {
        accept: (message, outbox) =>
          !message.idempotencyKey && isCrowded("")
            ? okAsync<AcceptResult>({ kind: "Known", message })
            : messages.accept(message, outbox),
      };
    }),
    "Of all messages with one key of one tenant exactly one is `New`, however many arrive at once": broken(
      (messages) => {
        const isCrowded = createCrowd();
        return {
          accept(message, outbox) {
            const name = `${message.request.outlet.tenantId} ${message.idempotencyKey?.key}`;
            return messages.accept(message.idempotencyKey && isCrowded(name) ? releaseKey(message) : message, outbox);
          },
        };
      },
    ),
    "The others get that one as `Known`, as it is stored now": broken((messages) => {
      const asAccepted = new Map<string, Message>();
      return {
        accept: (message, outbox) =>
          messages.accept(message, outbox).map((accepting) => {
            if (accepting.kind === "New") asAccepted.set(message.id, message);
            if (accepting.kind !== "Known") return accepting;
            return { kind: "Known", message: asAccepted.get(accepting.message.id) ?? accepting.message };
          }),
      };
    }),
    "where their fingerprint differs the answer is `KeyReused`": broken((messages) => ({
      accept: (message, outbox) =>
        messages
          .accept(message, outbox)
          .map((accepting) => (accepting.kind === "KeyReused" ? { kind: "Known", message } : accepting)),
    })),
    "The same key of another tenant is another key": broken((messages) => {
      const byKey = new Map<string, Message>();
      return {
        accept(message, outbox) {
          const name = message.idempotencyKey?.key ?? message.id;
          const owner = byKey.get(name) ?? message;
          byKey.set(name, owner);
          const isForeign = owner.request.outlet.tenantId !== message.request.outlet.tenantId;
          return isForeign ? okAsync({ kind: "Known", message: owner }) : messages.accept(message, outbox);
        },
      };
    }),
    "Replaces the document if its stored revision is the one before `next.revision`": broken((messages) => ({
      commit: (change) =>
        messages
          .find({ id: change.next.id })
          .andThen((known): ResultAsync<Commit, Unavailable | MessageUnknown> =>
            known?.mode === "waiting" && statusOf(change.next) === "sending"
              ? okAsync({ applied: true, message: change.next })
              : messages.commit(change),
          ),
    })),
    "its outbox entries enter together with it": broken((messages) => ({
      commit: ({ next }) => messages.commit({ next }),
    })),
    "otherwise changes nothing": broken((messages) => ({
      commit: (change) =>
        messages.commit(change).andThen((committed) => {
          const revision = committed.message.revision + 1;
          if (committed.applied || change.next.revision <= revision) return ok(committed);
          return messages.commit({ next: { ...change.next, revision } }).map(() => committed);
        }),
    })),
    "Of several commits on one revision exactly one applies, however many arrive at once": broken((messages) => {
      const isCrowded = createCrowd();
      return {
        commit: (change) =>
          isCrowded(`${change.next.id} ${change.next.revision}`)
            ? okAsync({ applied: true, message: change.next })
            : messages.commit(change),
      };
    }),
    "Returns the document as it is stored now, so that the loser sees the winner's": brokenCommit(
      ({ applied }, message) => ({ applied, message }),
    ),
    "A key that `next` no longer has is free for good": [
      broken((messages) => {
        const keys = new Map<string, IdempotencyKey>();
        return {
          accept(message, outbox) {
            if (message.idempotencyKey) keys.set(message.id, message.idempotencyKey);
            return messages.accept(message, outbox);
          },
          commit(change) {
            const idempotencyKey = keys.get(change.next.id);
            return messages.commit({ ...change, next: { ...change.next, ...(idempotencyKey && { idempotencyKey }) } });
          },
        };
      }),
      broken((messages) => {
        let thief: string | undefined;
        return {
          commit(change) {
            if (change.next.conclusion && change.next.attempts.at(-1)?.reports?.at(0)?.statuses.delivered)
              thief = change.next.id;
            return messages.commit(change);
          },
          find: (by) => messages.find("key" in by && thief !== undefined ? { id: thief } : by),
        };
      }),
    ],
    "A message that was never accepted is `MessageUnknown`": broken((messages) => ({
      commit: (change) =>
        messages
          .commit(change)
          .orElse((error) =>
            error.kind === "MessageUnknown" ? okAsync({ applied: false, message: change.next }) : errAsync(error),
          ),
    })),
    "Finds a message by its id, by each id that WhatsApp gave it and by its tenant's key": [
      broken((messages) => ({
        find: (by) =>
          messages
            .find(by)
            .map((message) => (message && "wamid" in by && wamidsOf(message)[0] !== by.wamid ? undefined : message)),
      })),
      broken((messages) => ({
        find: (by) =>
          messages
            .find(by)
            .map((message) =>
              message && "wamid" in by && wamidsOf(message).at(-1) !== by.wamid ? undefined : message,
            ),
      })),
    ],
    "A message that is not there is `undefined`": broken((messages) => ({
      find: (by) =>
        messages
          .find(by)
          .andThen((message) =>
            message || !("key" in by) ? ok(message) : messages.find({ ...by, tenantId: "tenant-1" }),
          ),
    })),
    "Every document comes back unchanged, to the last code point and millisecond": [
      brokenFind((message) => {
        const { request } = message;
        const body = bodyOf(request.content).normalize();
        return { ...message, request: { ...request, content: { type: "text", text: { body } } } };
      }),
      brokenFind((message) => {
        const retryAt = message.conclusion?.retryAt;
        if (!message.conclusion || !retryAt) return message;
        return { ...message, conclusion: { ...message.conclusion, retryAt: new Date(retryAt.toUTCString()) } };
      }),
      brokenFind(({ attempts, ...message }) => ({
        ...message,
        attempts: attempts.map(({ earlierEvidence, ...attempt }) => ({
          ...attempt,
          ...(earlierEvidence && { earlierEvidence: earlierEvidence.map(({ reports: _, ...evidence }) => evidence) }),
        })),
      })),
      brokenFind(({ attempts, ...message }) => {
        const silenced = attempts.map(({ reports, ...attempt }) => ({
          ...attempt,
          ...(reports && {
            reports: reports.map((report) => ({ ...report, statuses: { ...report.statuses, played: undefined } })),
          }),
        }));
        return { ...message, attempts: silenced } as never;
      }),
    ],
    ...countSabotages,
    ...listSabotages,
    "What this process wrote to last is never among them": broken((messages) => {
      const present = new Map<string, Message>();
      return {
        accept(message, outbox) {
          present.set(message.id, message);
          return messages.accept(message, outbox);
        },
        overdue: (limit) => okAsync([...present.values()].slice(0, limit)),
      };
    }),
  },
});
