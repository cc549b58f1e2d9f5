import { expect } from "vitest";

import { erased, eraseMessage } from "../../domain/erased.ts";
import type { Message } from "../../domain/message.ts";
import { statusEventsOf } from "../../domain/status-event.ts";
import { wamidsOf } from "../../domain/status.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import type { Case } from "../contract.ts";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleStatusUpdate,
  exampleWebhook,
  withIntent,
  withOutcome,
  withReport,
} from "../fixtures.ts";
import { succeeds } from "../results.ts";
import {
  accept,
  claim,
  claimEvents,
  claimWebhooks,
  commit,
  find,
  keptWebhooks,
  list,
  messageIds,
} from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

const number = "109876543210987";
const key = { key: "order-42", fingerprint: "f1" };

export const erasureCases: readonly Case<StoreSubject>[] = [
  {
    name: "Recipients that WhatsApp knows by one of the names, and its name for one of them, are the same person",
    async run(subject) {
      const noteName = async (recipient: string, knownAs: string) =>
        succeeds(
          await subject.recipients.noteName({ phoneNumberId: number, recipient, knownAs, at: subject.clock.now() }),
        );
      await noteName("+521550001", "+52550001");
      await noteName("+52550001", "US.1");
      await noteName("+49301111", "+49301112");
      const names = async (name: string) => succeeds(await subject.erasure.namesOf([name])).toSorted();
      const person = ["+521550001", "+52550001", "US.1"];
      for (const name of person) expect(await names(name)).toEqual(person);
      expect(await names("+62811")).toEqual(["+62811"]);
    },
  },
  {
    name: "if its stored revision is the one before",
    async run(subject) {
      const sent = await keepSent(subject);
      const reported = withReport(sent, "delivered", subject.clock.now());
      await commit(subject, reported);
      expect(await replace(subject, eraseMessage(sent))).toBe(false);
      expect(await find(subject, { id: sent.id })).toEqual(reported);
      const gone = eraseMessage(reported);
      expect(await replace(subject, gone)).toBe(true);
      expect(await find(subject, { id: sent.id })).toEqual(gone);
      expect(JSON.stringify(await find(subject, { id: sent.id }))).not.toContain(sent.request.to);
    },
  },
  {
    name: "The message is no longer found by its recipient, its reference or its ids of WhatsApp",
    async run(subject) {
      const sent = await keepSent(subject);
      const other = await keepSent(subject, "+49301111");
      const { to, reference = "" } = sent.request;
      const [wamid = ""] = wamidsOf(sent);
      await replace(subject, eraseMessage(sent));
      expect((await list(subject, { to, limit: 10 })).messages).toEqual([]);
      expect((await list(subject, { reference, limit: 10 })).messages).toEqual([other]);
      expect(await find(subject, { wamid })).toBeUndefined();
      expect((await list(subject, { limit: 10 })).messages).toHaveLength(2);
      expect(await find(subject, { wamid: wamidsOf(other)[0] ?? "" })).toEqual(other);
    },
  },
  {
    name: "Its key stays in use, for any request",
    async run(subject) {
      const sent = await keepSent(subject, undefined, key);
      await replace(subject, eraseMessage(sent));
      for (const fingerprint of [key.fingerprint, "f2"]) {
        const again = exampleMessage({ key: { ...key, fingerprint } });
        expect(await accept(subject, again)).toEqual({ kind: "KeyReused" });
      }
    },
  },
  {
    name: "Outbox entries of it keep their place, without the recipient",
    async run(subject) {
      const [first, second] = [await keepSent(subject), await keepSent(subject, "+49301111")];
      await replace(subject, eraseMessage(first));
      const told = await claim(subject);
      expect([messageIds(told), told[0]?.entry.to]).toEqual([[first.id], erased]);
      const events = await claimEvents(subject);
      expect(events.map(({ entry }) => [entry.messageId, entry.to])).toEqual([
        [first.id, erased],
        [second.id, second.request.to],
      ]);
      const kept = JSON.stringify([told, events[0]]);
      for (const secret of [first.request.to, wamidsOf(first)[0] ?? "", "a secret body"])
        expect(kept).not.toContain(secret);
      succeeds(await subject.outbox.settle([told[0]?.id ?? ""], "dead"));
      expect(messageIds(await claim(subject))).toEqual([second.id]);
    },
  },
  {
    name: "What was said of its outbox entries when they were not delivered is gone",
    async run(subject) {
      const [first, second] = [await keepSent(subject), await keepSent(subject, "+49301111")];
      const why = `${first.request.to} is not known`;
      const explained = async () => {
        const said: (string | undefined)[] = [];
        for (const { id } of [first, second]) {
          said.push(...succeeds(await subject.outbox.undelivered(id)).map((each) => each.why));
          said.push(...succeeds(await subject.outbox.delivered(id)).map((each) => each.why));
        }
        return said;
      };
      const [event] = await claimEvents(subject);
      succeeds(await subject.outbox.settle([event?.id ?? ""], "dead", why));
      const fail = async () => {
        const [told] = await claim(subject);
        succeeds(await subject.outbox.settle([told?.id ?? ""], { retryAt: subject.clock.now() }, why));
      };
      await fail();
      succeeds(
        await subject.outbox.settle(
          (await claim(subject)).map(({ id }) => id),
          "delivered",
        ),
      );
      await fail();
      expect((await explained()).filter((said) => said === why)).toHaveLength(3);
      await replace(subject, eraseMessage(first));
      expect((await explained()).filter((said) => said === why)).toHaveLength(1);
      await replace(subject, eraseMessage(second));
      expect(await explained()).not.toContain(why);
    },
  },
  {
    name: "Parked statuses of its ids are gone",
    async run(subject) {
      const sent = await keepSent(subject);
      const [wamid = ""] = wamidsOf(sent);
      const other = await keepSent(subject, "+49301111");
      const park = (id: string) => exampleStatusUpdate({ wamid: id, at: subject.clock.now() });
      const kept = park(wamidsOf(other)[0] ?? "");
      succeeds(await subject.parkedStatuses.park([park(wamid), kept]));
      await replace(subject, eraseMessage(sent));
      // A message that has the id again would match a status that is left.
      await keepSent(subject, undefined, undefined, wamid);
      expect(succeeds(await subject.parkedStatuses.matched(10))).toEqual([kept]);
    },
  },
  {
    name: "Forgets what was noted about these recipients, opt-outs included, and each kept webhook that mentions one of them, wherever it waits",
    async run(subject) {
      const note = { kind: "StoppedMarketing", phoneNumberId: number, at: subject.clock.now() } as const;
      succeeds(await subject.recipients.note(["+628111", "+49301111"].map((recipient) => ({ ...note, recipient }))));
      succeeds(
        await subject.recipients.noteName({
          phoneNumberId: number,
          recipient: "US.1",
          knownAs: "+628111",
          at: note.at,
        }),
      );
      const webhook = (body: string) => exampleWebhook({ body, receivedAt: subject.clock.now() });
      const mentioning = [webhook('{"from":"628111"}'), webhook('{"user_id":"US.1"}'), webhook('"call +628111 now"')];
      const others = [webhook('{"from":"6281112"}'), webhook('{"from":"1628111"}'), webhook('{"user_id":"US.12"}')];
      succeeds(await subject.webhookInbox.add([...mentioning.slice(0, 2), ...others], true));
      succeeds(await subject.webhookInbox.add(mentioning.slice(2), false));
      const [dead] = (await claimWebhooks(subject)).filter(({ entry }) => entry.id === mentioning[1]?.id);
      succeeds(await subject.outbox.settle([dead?.id ?? ""], "dead"));
      await subject.advance(60_000);
      expect(succeeds(await subject.erasure.forget(["+628111", "US.1"]))).toEqual({ recipients: 2, webhooks: 3 });
      const idsOf = (webhooks: readonly { readonly id: string }[]) => webhooks.map(({ id }) => id).toSorted();
      expect(idsOf(await keptWebhooks(subject))).toEqual(idsOf(others));
      expect(idsOf((await claimWebhooks(subject)).map(({ entry }) => entry))).toEqual(idsOf(others));
      expect(succeeds(await subject.outbox.revive("webhook"))).toBe(0);
      for (const name of ["+628111", "US.1"]) {
        expect(succeeds(await subject.recipients.find(number, name))).toEqual({});
      }
      expect(succeeds(await subject.recipients.find(number, "+49301111"))).toEqual({ stoppedMarketingAt: note.at });
      expect(succeeds(await subject.erasure.forget(["+628111", "US.1"]))).toEqual({ recipients: 0, webhooks: 0 });
      succeeds(await subject.erasure.clean());
    },
  },
  {
    name: "Parked statuses that mention one of them go too",
    async run(subject) {
      const status = (fields: Partial<StatusUpdate>) => exampleStatusUpdate({ at: subject.clock.now(), ...fields });
      const failure = { class: "recipient", details: "+628111 is not on WhatsApp" } as const;
      const mentioning = [status({ wamid: wamidTo["+628111"] }), status({ wamid: "wamid.1", failure })];
      const others = [status({ wamid: wamidTo["+6281112"] }), status({ wamid: wamidTo["+1628111"] })];
      succeeds(await subject.parkedStatuses.park([...mentioning, ...others]));
      succeeds(await subject.erasure.forget(["+628111"]));
      // Messages that have the ids match what is left.
      for (const { wamid } of [...mentioning, ...others]) await keepSent(subject, "+49301111", undefined, wamid);
      const left = succeeds(await subject.parkedStatuses.matched(10));
      expect(left.map(({ wamid }) => wamid).toSorted()).toEqual(others.map(({ wamid }) => wamid).toSorted());
    },
  },
];

/** Ids of messages to these numbers, in the form of WhatsApp's. */
const wamidTo = {
  "+628111": "wamid.HBgGNjI4MTExFQIAERgSQjk2NzQ3NDQxQ0VCNzUwNENFAA==",
  "+6281112": "wamid.HBgHNjI4MTExMhUCABEYEkI5Njc0NzQ0MUNFQjc1MDRDRQA=",
  "+1628111": "wamid.HBgHMTYyODExMRUCABEYEkI5Njc0NzQ0MUNFQjc1MDRDRQA=",
} as const;

async function replace({ erasure }: StoreSubject, next: Message): Promise<boolean> {
  return succeeds(await erasure.replace(next));
}

/** Keeps a message that was sent, with its outbox entries. */
async function keepSent(subject: StoreSubject, to = "+628111", withKey?: typeof key, wamid?: string): Promise<Message> {
  const message = exampleMessage({
    body: "a secret body",
    acceptedAt: subject.clock.now(),
    ...(withKey && { key: withKey }),
  });
  const intended = withIntent({ ...message, request: { ...message.request, to, reference: "order-17" } });
  const sent = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: wamid ?? `wamid.${intended.id}` });
  await accept(subject, intended);
  const events = statusEventsOf(intended, sent, subject.clock.now()).map((entry) => ({
    topic: "status" as const,
    entry,
  }));
  await commit(subject, sent, [...exampleEntries(intended, sent), ...events]);
  return sent;
}
