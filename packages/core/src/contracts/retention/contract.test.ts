import { okAsync, ResultAsync } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import { hasStoppedMarketing, type Recipient, withRecipientFact } from "../../domain/recipient.ts";
import { isFinished } from "../../domain/status.ts";
import type { MessageLookup } from "../../ports/store/message-store.ts";
import type { DeliveredEntry, Outbox } from "../../ports/store/outbox.ts";
import type { Retention, RetentionLimits } from "../../ports/store/retention.ts";
import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeRetentionContract, retentionContract } from "./contract.ts";
import { describeSabotage, type Sabotage } from "../sabotage.ts";
import type { StoreSubject } from "../store/subject.ts";

const setup = inMemoryStore;
const never = new Date(0);
const broken = (change: (retention: Retention, subject: StoreSubject) => Partial<Retention>) =>
  breaking("retention", change);
const brokenLimits = (spoil: (before: RetentionLimits) => Partial<RetentionLimits>) =>
  broken((retention) => ({ forget: (before, limit) => retention.forget({ ...before, ...spoil(before) }, limit) }));

/** Answers a lookup as it likes, knowing each message as it was last written and what was last to be forgotten. */
const misremembering =
  (
    recall: (
      by: MessageLookup,
      found: Message | undefined,
      known: readonly Message[],
      before: RetentionLimits,
    ) => Message | undefined,
  ): Sabotage<StoreSubject> =>
  (subject) => {
    const { messages, retention } = subject;
    const known = new Map<string, Message>();
    let latest: RetentionLimits = {
      keys: never,
      messages: never,
      parkedStatuses: never,
      webhooks: never,
      recipients: never,
      outboxEntries: never,
    };
    return {
      ...subject,
      messages: {
        ...messages,
        accept(message, outbox) {
          known.set(message.id, message);
          return messages.accept(message, outbox);
        },
        commit: (change) => messages.commit(change).andTee(({ message }) => known.set(message.id, message)),
        find: (by) => messages.find(by).map((found) => recall(by, found, [...known.values()], latest)),
      },
      retention: {
        kept: retention.kept,
        forget(before, limit) {
          latest = before;
          return retention.forget(before, limit);
        },
      },
    };
  };

/** Says something else of a recipient, knowing all that was ever noted of them and what was last to be forgotten. */
const mishearing =
  (recall: (found: Recipient, known: Recipient, before: Date) => Recipient): Sabotage<StoreSubject> =>
  (subject) => {
    const { recipients, retention } = subject;
    const known = new Map<string, Recipient>();
    let latest = never;
    return {
      ...subject,
      recipients: {
        noteName: recipients.noteName,
        note(facts) {
          for (const fact of facts) {
            known.set(fact.recipient, withRecipientFact(known.get(fact.recipient) ?? {}, fact));
          }
          return recipients.note(facts);
        },
        find: (number, recipient) =>
          recipients.find(number, recipient).map((found) => recall(found, known.get(recipient) ?? {}, latest)),
      },
      retention: {
        kept: retention.kept,
        forget(before, limit) {
          latest = before.recipients;
          return retention.forget(before, limit);
        },
      },
    };
  };

const hasKey = (by: MessageLookup, { idempotencyKey }: Message) => "key" in by && idempotencyKey?.key === by.key;

describeRetentionContract({ name: "in-memory store", setup });

/** Forgets no entry, but what is known about deliveries. */
const keepingEntries: Sabotage<StoreSubject> = (subject) => {
  let latest = never;
  return {
    ...subject,
    retention: {
      ...subject.retention,
      forget(before, limit) {
        latest = before.outboxEntries;
        return subject.retention.forget({ ...before, outboxEntries: never }, limit);
      },
    },
    outbox: {
      ...subject.outbox,
      delivered: (id) =>
        subject.outbox.delivered(id).map((entries) => entries.filter(({ deliveredAt }) => deliveredAt >= latest)),
    },
  };
};

describeSabotage(retentionContract, {
  setup,
  sabotages: {
    "Forgets what is older than each of these": [
      brokenLimits(({ webhooks, parkedStatuses }) => (webhooks < parkedStatuses ? { webhooks: parkedStatuses } : {})),
      brokenLimits(({ keys, messages }) => (messages > never && keys > messages ? { keys: messages } : {})),
    ],
    "at most `limit` of a kind": [
      broken((retention) => ({ forget: (before, limit) => retention.forget(before, limit === 2 ? 3 : limit) })),
      broken((retention) => ({
        forget: (before, limit) => retention.forget(before, before.keys > never ? 100 : limit),
      })),
    ],
    "returns how many those were: while it is not 0, there may be more": [
      broken((retention) => ({ forget: (before, limit) => retention.forget(before, limit).map(() => 0) })),
      broken((retention) => ({
        forget: (before, limit) => retention.forget(before, limit).map((count) => Math.min(count, limit)),
      })),
    ],
    "A key is free once its message was accepted before `keys` and is finished": [
      brokenLimits(({ keys }) => ({ keys: new Date(keys.getTime() + 1) })),
      misremembering((by, found, _, { keys }) =>
        found && !isFinished(found) && hasKey(by, found) && found.acceptedAt < keys ? undefined : found,
      ),
      misremembering(
        (by, found, known) =>
          known.find((message) => hasKey(by, message) && message.attempts[0]?.reports?.[0]?.statuses.delivered) ??
          found,
      ),
    ],
    "A message that was accepted before `messages` and is finished is gone, with its key and its ids": [
      misremembering(
        (by, found, known) => found ?? known.find(({ id }) => "wamid" in by && by.wamid === `wamid.${id}`),
      ),
      misremembering((by, found, known, { messages }) =>
        messages > never
          ? (found ?? known.find((message) => hasKey(by, message) && "key" in by && by.key === "order-1"))
          : found,
      ),
      misremembering((_, found, __, { messages }) =>
        found && !isFinished(found) && found.acceptedAt < messages ? undefined : found,
      ),
      misremembering((_, found, __, { messages }) =>
        found?.acceptedAt.getTime() === messages.getTime() ? undefined : found,
      ),
    ],
    "unless the outbox still holds a history entry of it": broken((retention, { outbox }) => ({
      forget: (before, limit) =>
        outbox
          .claim("history", { limit: 100, leaseMs: 1 })
          .andThen((claimed) =>
            outbox.settle(
              claimed.map(({ id }) => id),
              "delivered",
            ),
          )
          .andThen(() => retention.forget(before, limit)),
    })),
    "or it holds a unit of a block that is open": broken((retention, { quotaLedger }) => ({
      forget: (before, limit) =>
        quotaLedger
          .unsettled()
          .andThen((rows) => ResultAsync.combine(rows.map(({ block }) => quotaLedger.close(block))))
          .andThen(() => retention.forget(before, limit)),
    })),
    "Parked statuses and kept webhooks are forgotten by when they came": [
      broken((retention, { parkedStatuses }) => ({
        forget: (before, limit) =>
          parkedStatuses
            .matched(limit)
            .andThen((parked) =>
              parkedStatuses.drop(parked.filter(({ at }) => limit === 100 && at < before.parkedStatuses)),
            )
            .andThen(() => retention.forget(before, limit)),
      })),
      brokenLimits(({ webhooks, parkedStatuses }) =>
        webhooks.getTime() === parkedStatuses.getTime() ? { webhooks: new Date(webhooks.getTime() + 6000) } : {},
      ),
    ],
    "Up to `limit` messages that were accepted before `before` and are finished, and that still have their recipient, the earliest first":
      [
        broken((retention) => ({ kept: (before) => retention.kept(before, 100) })),
        broken((retention) => ({ kept: (_, limit) => retention.kept(new Date(8.64e15), limit) })),
        broken((retention) => ({
          kept: (before, limit) => retention.kept(before, limit).map((kept) => kept.toReversed()),
        })),
        broken(() => ({ kept: () => okAsync([]) })),
      ],
    "Status events and webhooks are forgotten by when they entered the outbox, dead or waiting": [
      keepingEntries,
      brokenLimits(({ outboxEntries }) => ({ outboxEntries: new Date(outboxEntries.getTime() + 6000) })),
    ],
    "What is known about deliveries is forgotten by when they were made": [
      (subject) => {
        const known = new Map<string, readonly DeliveredEntry[]>();
        const delivered: Outbox["delivered"] = (id) =>
          subject.outbox.delivered(id).map((entries) => {
            const kept = known.get(id) ?? entries;
            known.set(id, kept);
            return kept;
          });
        return { ...subject, outbox: { ...subject.outbox, delivered } };
      },
      (subject) => {
        let hasForgotten = false;
        return {
          ...subject,
          retention: {
            ...subject.retention,
            forget(before, limit) {
              hasForgotten = true;
              return subject.retention.forget(before, limit);
            },
          },
          outbox: {
            ...subject.outbox,
            delivered: (id) => subject.outbox.delivered(id).map((entries) => (hasForgotten ? [] : entries)),
          },
        };
      },
    ],
    "A recipient of whom nothing was noted since `recipients` is forgotten, unless they stopped marketing": [
      mishearing((found, known, before) => (hasStoppedMarketing(known) && before > never ? {} : found)),
      mishearing((found, known) => (known.stoppedMarketingAt ? known : found)),
      mishearing((found, { wroteAt }, before) => (wroteAt?.getTime() === before.getTime() ? {} : found)),
    ],
  },
});
