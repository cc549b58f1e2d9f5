import { expect } from "vitest";

import { eraseMessage } from "../../domain/erased.ts";
import { conclude } from "../../domain/message-changes.ts";
import type { Case } from "../contract.ts";
import { exampleEvents, exampleWebhook, withIntent, withReport } from "../fixtures.ts";
import {
  accept,
  claim,
  claimEvents,
  claimWebhooks,
  commit,
  find,
  keptWebhooks,
  later,
  send,
  settle,
} from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import {
  example,
  finished,
  forget,
  hear,
  keep,
  keepEverySecond,
  left,
  lookup,
  park,
  recipient,
  yearMs,
} from "./steps.ts";
import { failsWith, succeeds } from "../results.ts";

export const retentionCases: readonly Case<StoreSubject>[] = [
  {
    name: "Forgets what is older than each of these",
    async run(subject) {
      const ageMs = { keys: 3500, messages: 7500, parkedStatuses: 1500, webhooks: 5500, recipients: 8500 };
      const kept = await keepEverySecond(subject, 10);
      await forget(subject, {
        keys: later(subject.clock, -ageMs.keys),
        messages: later(subject.clock, -ageMs.messages),
        parkedStatuses: later(subject.clock, -ageMs.parkedStatuses),
        webhooks: later(subject.clock, -ageMs.webhooks),
        recipients: later(subject.clock, -ageMs.recipients),
      });
      expect(await left(subject, kept)).toEqual({
        keys: 3,
        messages: 7,
        parkedStatuses: 1,
        webhooks: 5,
        recipients: 8,
      });
    },
  },
  {
    name: "at most `limit` of a kind",
    async run(subject) {
      const kept = await keepEverySecond(subject, 5);
      const now = subject.clock.now();
      await forget(subject, { parkedStatuses: now, webhooks: later(subject.clock, 1), recipients: now }, 2);
      expect(await left(subject, kept)).toMatchObject({ parkedStatuses: 3, webhooks: 3, recipients: 3 });
      await forget(subject, { keys: subject.clock.now() }, 1);
      expect(await left(subject, kept)).toMatchObject({ keys: 4, messages: 5 });
      await forget(subject, { messages: subject.clock.now() }, 3);
      expect(await left(subject, kept)).toMatchObject({ messages: 2 });
    },
  },
  {
    name: "returns how many those were: while it is not 0, there may be more",
    async run(subject) {
      await keepEverySecond(subject, 4);
      const now = subject.clock.now();
      const before = { parkedStatuses: now, webhooks: now, recipients: now };
      expect([await forget(subject, before, 3), await forget(subject, before, 3)]).toEqual([9, 3]);
      const keys = subject.clock.now();
      expect([await forget(subject, { keys }), await forget(subject, { keys })]).toEqual([4, 0]);
      const messages = subject.clock.now();
      for (let rounds = 0; (await forget(subject, { messages }, 1)) > 0; rounds += 1) expect(rounds).toBeLessThan(9);
      expect(await forget(subject, { messages })).toBe(0);
    },
  },
  {
    name: "A key is free once its message was accepted before `keys` and is finished",
    async run(subject) {
      const key = { key: "order-1", fingerprint: "f1" };
      const old = await keep(subject, finished(subject, -1, key));
      const unfinished = await keep(subject, withIntent(example(subject, -1, { ...key, key: "order-2" })));
      const young = await keep(subject, finished(subject, 0, { ...key, key: "order-3" }));
      await forget(subject, { keys: subject.clock.now() });
      expect(await find(subject, lookup(old))).toBeUndefined();
      expect(await find(subject, { id: old.id })).toEqual(old);
      for (const message of [unfinished, young]) expect(await find(subject, lookup(message))).toEqual(message);
      const anew = example(subject, 0, { ...key, fingerprint: "f2" });
      expect(await accept(subject, anew)).toEqual({ kind: "New" });
      const delivered = withReport(old, "delivered", subject.clock.now());
      expect(await commit(subject, delivered)).toEqual({ applied: true, message: delivered });
      expect(await find(subject, lookup(old))).toEqual(anew);
    },
  },
  {
    name: "A message that was accepted before `messages` and is finished is gone, with its key and its ids",
    async run(subject) {
      const key = { key: "order-1", fingerprint: "f1" };
      const old = await keep(subject, finished(subject, -1, key));
      const canceled = conclude(example(subject, -1), { as: "canceled", at: subject.clock.now() });
      await keep(subject, canceled);
      const unfinished = await keep(subject, withIntent(example(subject, -1)));
      const young = await keep(subject, finished(subject, 0));
      await forget(subject, { messages: subject.clock.now() });
      for (const by of [{ id: old.id }, { id: canceled.id }, { wamid: `wamid.${old.id}` }, lookup(old)]) {
        expect(await find(subject, by)).toBeUndefined();
      }
      for (const message of [unfinished, young]) expect(await find(subject, { id: message.id })).toEqual(message);
      const answer = await subject.messages.commit({ next: { ...old, revision: old.revision + 1 } });
      failsWith("MessageUnknown", answer);
      expect(await accept(subject, example(subject, 0, { ...key, fingerprint: "f2" }))).toEqual({ kind: "New" });
    },
  },
  {
    name: "unless the outbox still holds a history entry of it",
    async run(subject) {
      const { messageId: id } = await send(subject);
      const messages = later(subject.clock, yearMs);
      const told = finished(subject, -1);
      await accept(subject, told, exampleEvents(undefined, told));
      const isKept = async () => {
        await forget(subject, { messages });
        return (await find(subject, { id })) !== undefined;
      };
      expect(await isKept()).toBe(true);
      expect(await find(subject, { id: told.id }), "one with status events alone").toBeUndefined();
      const claimed = await claim(subject);
      expect(await isKept()).toBe(true);
      await settle(subject, claimed, "dead");
      expect(await isKept()).toBe(true);
      succeeds(await subject.outbox.revive("history"));
      await settle(subject, await claim(subject), "delivered");
      expect(await isKept()).toBe(false);
    },
  },
  {
    name: "or it holds a unit of a block that is open",
    async run(subject) {
      const block = { id: "block-1", tenantId: "tenant-1", granted: 10, expiresAt: subject.clock.now() };
      succeeds(await subject.quotaLedger.open(block, "request-1"));
      const sent = await keep(subject, finished(subject, -1));
      await forget(subject, { messages: subject.clock.now() });
      expect(await find(subject, { id: sent.id })).toEqual(sent);
      succeeds(await subject.quotaLedger.close(block));
      await forget(subject, { messages: subject.clock.now() });
      expect(await find(subject, { id: sent.id })).toBeUndefined();
    },
  },
  {
    name: "Parked statuses and kept webhooks are forgotten by when they came",
    async run(subject) {
      await send(subject, { id: "parked" });
      const [early, late] = [later(subject.clock, -yearMs), later(subject.clock, yearMs)];
      await park(subject, late);
      const first = exampleWebhook({ receivedAt: subject.clock.now() });
      await subject.advance(10_000);
      await park(subject, early);
      const second = exampleWebhook({ receivedAt: subject.clock.now() });
      succeeds(await subject.webhookInbox.add([second, first], false));
      const before = later(subject.clock, -5000);
      await forget(subject, { parkedStatuses: before, webhooks: before });
      expect(succeeds(await subject.parkedStatuses.matched(9))).toMatchObject([{ at: early }]);
      expect(await keptWebhooks(subject)).toEqual([second]);
    },
  },
  {
    name: "Status events and webhooks are forgotten by when they entered the outbox, dead or waiting",
    async run(subject) {
      const ids: string[] = [];
      const webhooks = [exampleWebhook(), exampleWebhook()];
      for (const webhook of webhooks) {
        const message = example(subject, 0);
        await accept(subject, message, exampleEvents(undefined, message));
        ids.push(message.id);
        succeeds(await subject.webhookInbox.add([webhook], true));
        await subject.advance(10_000);
      }
      await settle(subject, await claimEvents(subject), "dead");
      await settle(subject, await claimWebhooks(subject), "dead");
      await forget(subject, { outboxEntries: later(subject.clock, -15_000) });
      succeeds(await subject.outbox.revive("status"));
      const events = await claimEvents(subject);
      expect(events.map(({ entry }) => entry.messageId)).toEqual(ids.slice(1));
      succeeds(await subject.outbox.revive("webhook"));
      const revived = await claimWebhooks(subject);
      expect(revived.map(({ entry }) => entry.id)).toEqual(webhooks.slice(1).map(({ id }) => id));
      await settle(subject, [...events, ...revived], "delivered");
      const inOrder = example(subject, 0);
      await accept(subject, inOrder, exampleEvents(undefined, inOrder));
      const waiting = exampleWebhook();
      succeeds(await subject.webhookInbox.add([waiting], true));
      await subject.advance(10_000);
      const begun = withIntent(inOrder);
      await commit(subject, begun, exampleEvents(inOrder, begun));
      await forget(subject, { outboxEntries: later(subject.clock, -5000) });
      expect((await claimEvents(subject)).map(({ entry }) => [entry.messageId, entry.version])).toEqual([
        [inOrder.id, begun.version],
      ]);
      expect(await claimWebhooks(subject)).toEqual([]);
    },
  },
  {
    name: "What is known about deliveries is forgotten by when they were made",
    async run(subject) {
      const sent = [await send(subject), await send(subject)];
      for (const _ of sent) {
        await subject.advance(20_000);
        await settle(subject, await claim(subject), "delivered");
      }
      const known = async () =>
        (await Promise.all(sent.map(({ messageId }) => subject.outbox.delivered(messageId)))).map(
          (entries) => succeeds(entries).length,
        );
      expect(await known()).toEqual([1, 1]);
      await forget(subject, { outboxEntries: later(subject.clock, -10_000) });
      expect(await known()).toEqual([0, 1]);
    },
  },
  {
    name: "Up to `limit` messages that were accepted before `before` and are finished, and that still have their recipient, the earliest first",
    async run(subject) {
      const [, first, second] = [await send(subject), await send(subject), await send(subject)];
      const before = later(subject.clock, yearMs);
      await keep(subject, withIntent(example(subject, 0)));
      const young = await keep(subject, finished(subject, 2 * yearMs));
      const kept = async (limit = 100) => succeeds(await subject.retention.kept(before, limit)).map(({ id }) => id);
      const all = await kept();
      expect(all).toHaveLength(3);
      expect(all).not.toContain(young.id);
      expect(await kept(2)).toEqual(all.slice(0, 2));
      for (const { messageId } of [first, second]) {
        const message = await find(subject, { id: messageId });
        if (!message) throw new Error("It is kept.");
        succeeds(await subject.erasure.replace(eraseMessage(message)));
      }
      expect(await kept()).toEqual(all.filter((id) => id !== first.messageId && id !== second.messageId));
    },
  },
  {
    name: "A recipient of whom nothing was noted since `recipients` is forgotten, unless they stopped marketing",
    async run(subject) {
      const names = ["wrote", "wrote again", "stopped", "stopped and resumed", "resumed and stopped"] as const;
      const [wrote, wroteAgain, stopped, resumed, stoppedAgain] = names;
      for (const name of [wrote, wroteAgain, stopped]) await hear(subject, "Wrote", name);
      for (const name of [stopped, resumed]) await hear(subject, "StoppedMarketing", name);
      await hear(subject, "ResumedMarketing", stoppedAgain);
      await subject.advance(1000);
      await hear(subject, "ResumedMarketing", resumed);
      await hear(subject, "StoppedMarketing", stoppedAgain);
      await subject.advance(1000);
      await hear(subject, "Wrote", wroteAgain);
      const known = async () => {
        const found = await Promise.all(names.map((name) => recipient(subject, name)));
        return names.filter((_, index) => Object.keys(found[index] ?? {}).length > 0);
      };
      await forget(subject, { recipients: subject.clock.now() });
      expect(await known()).toEqual([wroteAgain, stopped, stoppedAgain]);
      await forget(subject, { recipients: later(subject.clock, yearMs) });
      expect(await known()).toEqual([stopped, stoppedAgain]);
      expect(Object.keys(await recipient(subject, stopped)).toSorted()).toEqual(["stoppedMarketingAt", "wroteAt"]);
    },
  },
];
