import { expect } from "vitest";

import type { StatusUpdate } from "../../domain/status-update.ts";
import { encodeStatusUpdate } from "../../codecs/status-update.ts";
import type { Case } from "../contract.ts";
import { exampleFailure, exampleStatusUpdate, exampleTime, oddText } from "../fixtures.ts";
import { send } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const parkedStatusesCases: readonly Case<StoreSubject>[] = [
  {
    name: "Keeps updates unchanged",
    async run(subject) {
      const full = exampleStatusUpdate({ wamid: await sent(subject) });
      const { wamid, phoneNumberId } = full;
      const odd = `${oddText} \u0000 \uD800`;
      const updates: StatusUpdate[] = [
        full,
        { ...full, at: new Date(exampleTime.getTime() + 1) },
        { ...full, status: "read" },
        { ...full, failure: { ...exampleFailure, details: odd }, pricing: { category: odd }, callbackData: odd },
        { wamid, phoneNumberId, status: "sent", at: exampleTime },
      ];
      await park(subject, updates.slice(0, 2));
      await park(subject, updates.slice(2));
      expect(await matched(subject)).toEqual(inOrder(updates));
    },
  },
  {
    name: "An update that is kept already is kept once",
    async run(subject) {
      const update = exampleStatusUpdate({ wamid: await sent(subject) });
      await Promise.all(Array.from({ length: 20 }, () => park(subject, [update, { ...update }])));
      const { at, wamid, ...rest } = update;
      await park(subject, [{ ...rest, wamid, at: new Date(at) }]);
      expect(await matched(subject)).toEqual([update]);
    },
  },
  {
    name: "Beyond the capacity the oldest are dropped, and the answer says how many",
    async run(subject) {
      const [first, last] = [await sent(subject), await sent(subject)];
      const { parkedStatusCapacity: capacity } = subject;
      const forgotten = async (...wamids: readonly string[]) =>
        succeeds(await subject.parkedStatuses.park(wamids.map((wamid) => exampleStatusUpdate({ wamid }))));
      expect(await forgotten(first)).toEqual({ forgotten: 0 });
      const strangers = Array.from({ length: capacity - 1 }, (_, index) => `wamid.stranger.${index}`);
      expect(await forgotten(...strangers)).toEqual({ forgotten: 0 });
      expect(await forgotten(last)).toEqual({ forgotten: 1 });
      const left = (await matched(subject, capacity + 1)).map(({ wamid }) => wamid);
      expect([left.includes(first), left.includes(last)]).toEqual([false, true]);
    },
  },
  {
    name: "Up to `limit` kept updates",
    async run(subject) {
      const wamid = await sent(subject);
      await park(
        subject,
        (["sent", "delivered", "read"] as const).map((status) => exampleStatusUpdate({ wamid, status })),
      );
      expect(await matched(subject, 2)).toHaveLength(2);
    },
  },
  {
    name: "kept updates whose `wamid` belongs to a message by now",
    async run(subject) {
      const update = exampleStatusUpdate({ wamid: "wamid.late" });
      const strangers = ["wamid.lat", "wamid.late ", "WAMID.late", "__proto__", oddText];
      await park(
        subject,
        strangers.map((wamid) => exampleStatusUpdate({ wamid })),
      );
      await park(subject, [update]);
      expect(await matched(subject)).toEqual([]);
      await send(subject, { id: "late" });
      expect(await matched(subject)).toEqual([update]);
    },
  },
  {
    name: "They stay until they are dropped",
    async run(subject) {
      const update = exampleStatusUpdate({ wamid: await sent(subject) });
      await park(subject, [update]);
      for (const _ of [1, 2]) expect(await matched(subject)).toEqual([update]);
    },
  },
  {
    name: "Drops updates",
    async run(subject) {
      const updates = [await sent(subject), await sent(subject), await sent(subject)].map((wamid) =>
        exampleStatusUpdate({ wamid }),
      );
      await park(subject, updates);
      await drop(subject, updates.slice(0, 2));
      expect((await matched(subject)).map(({ wamid }) => wamid)).toEqual([updates[2]?.wamid]);
    },
  },
  {
    name: "Dropping one that is not there changes nothing",
    async run(subject) {
      const update = exampleStatusUpdate({ wamid: await sent(subject) });
      await park(subject, [update]);
      const others: StatusUpdate[] = [{ ...update, status: "read" }, exampleStatusUpdate({ wamid: "wamid.other" })];
      await drop(subject, others);
      await drop(subject, []);
      expect(await matched(subject)).toEqual([update]);
    },
  },
];

/** The id that WhatsApp gave a message that was sent. */
async function sent(subject: StoreSubject): Promise<string> {
  return (await send(subject)).whatsappMessageId ?? "";
}

async function park({ parkedStatuses }: StoreSubject, updates: readonly StatusUpdate[]): Promise<void> {
  succeeds(await parkedStatuses.park(updates));
}

async function matched({ parkedStatuses }: StoreSubject, limit = 100): Promise<readonly StatusUpdate[]> {
  return inOrder(succeeds(await parkedStatuses.matched(limit)));
}

async function drop({ parkedStatuses }: StoreSubject, updates: readonly StatusUpdate[]): Promise<void> {
  succeeds(await parkedStatuses.drop(updates));
}

function inOrder(updates: readonly StatusUpdate[]): readonly StatusUpdate[] {
  return updates.toSorted((a, b) => (encodeStatusUpdate(a) < encodeStatusUpdate(b) ? -1 : 1));
}
