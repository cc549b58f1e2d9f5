import { expect } from "vitest";

import type { Recipient, RecipientFact } from "../../domain/recipient.ts";
import type { Case } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const recipientsCases: readonly Case<StoreSubject>[] = [
  {
    name: "Notes facts, all of them or none",
    async run(subject) {
      const names = Array.from({ length: 50 }, (_, index) => `+62812345${String(index).padStart(4, "0")}`);
      const isKnown = async (name: string) => (await find(subject, name)).wroteAt !== undefined;
      const noting = note(
        subject,
        names.map((recipient) => factOf("Wrote", 0, { recipient })),
      );
      for (const name of names) {
        if (!(await isKnown(name))) continue;
        for (const other of names) expect(await isKnown(other)).toBe(true);
        break;
      }
      await noting;
      for (const name of names) expect(await isKnown(name)).toBe(true);
      await note(subject, []);
    },
  },
  {
    name: "Of each kind the latest time counts, in whatever order facts come",
    async run(subject) {
      const facts = kinds.flatMap((kind, index) => [7, 2, 9, 4].map((second) => factOf(kind, second + 10 * index)));
      const latest = { wroteAt: timeOf(9), stoppedMarketingAt: timeOf(19), resumedMarketingAt: timeOf(29) };
      await note(subject, facts);
      expect(await find(subject)).toEqual(latest);
      await note(subject, renamed(facts.toReversed(), "US.1"));
      expect(await find(subject, "US.1")).toEqual(latest);
      await Promise.all(renamed(facts, "US.2").map((fact) => note(subject, [fact])));
      expect(await find(subject, "US.2")).toEqual(latest);
    },
  },
  {
    name: "Noting a fact again changes nothing",
    async run(subject) {
      const facts = kinds.map((kind) => factOf(kind, 1));
      await Promise.all(Array.from({ length: 20 }, () => note(subject, [...facts, ...facts])));
      const known = await find(subject);
      await note(subject, facts);
      expect(await find(subject)).toEqual(known);
      expect(known).toEqual({ wroteAt: timeOf(1), stoppedMarketingAt: timeOf(1), resumedMarketingAt: timeOf(1) });
    },
  },
  {
    name: "one recipient of one number",
    async run(subject) {
      await note(subject, [
        factOf("Wrote", 1),
        factOf("Wrote", 2, { phoneNumberId: "10987654321098" }),
        factOf("Wrote", 3, { recipient: "+62812345678" }),
        factOf("Wrote", 4, { recipient: "US.a" }),
        factOf("Wrote", 5, { recipient: "US.A" }),
        factOf("Wrote", 6, { recipient: "__proto__" }),
      ]);
      expect(await find(subject)).toEqual({ wroteAt: timeOf(1) });
      expect(await find(subject, recipient, "10987654321098")).toEqual({ wroteAt: timeOf(2) });
      for (const [name, second] of [["+62812345678", 3] as const, ["US.a", 4] as const, ["US.A", 5] as const]) {
        expect(await find(subject, name)).toEqual({ wroteAt: timeOf(second) });
      }
      expect(await find(subject, "__proto__")).toEqual({ wroteAt: timeOf(6) });
    },
  },
  {
    name: "to the millisecond",
    async run(subject) {
      const at = new Date(timeOf(0).getTime() + 1);
      await note(subject, [{ ...factOf("StoppedMarketing", 0), at }]);
      expect(await find(subject)).toEqual({ stoppedMarketingAt: at });
    },
  },
  {
    name: "Notes the name by which WhatsApp knows a recipient of a number",
    async run(subject) {
      await noteName(subject, "+529981234567");
      expect(await find(subject)).toEqual({ knownAs: "+529981234567" });
      await note(subject, [factOf("Wrote", 1)]);
      expect(await find(subject)).toEqual({ knownAs: "+529981234567", wroteAt: timeOf(1) });
      expect((await find(subject, "+529981234567")).knownAs).toBeUndefined();
    },
  },
  {
    name: "The name noted last counts",
    async run(subject) {
      for (const name of ["+2", "US.1", "+1"]) await noteName(subject, name);
      expect(await find(subject)).toEqual({ knownAs: "+1" });
    },
  },
  {
    name: "without the fields that were never noted",
    async run(subject) {
      expect(await find(subject)).toStrictEqual({});
      await note(subject, [factOf("ResumedMarketing", 1)]);
      expect(await find(subject)).toStrictEqual({ resumedMarketingAt: timeOf(1) });
      for (const name of ["", "+", "constructor", "+628123456789 "]) {
        expect(await find(subject, name)).toStrictEqual({});
      }
    },
  },
];

const phoneNumberId = "109876543210987";
const recipient = "+628123456789";
const kinds = ["Wrote", "StoppedMarketing", "ResumedMarketing"] as const;

function factOf(kind: RecipientFact["kind"], second: number, change: Partial<RecipientFact> = {}): RecipientFact {
  return { kind, phoneNumberId, recipient, at: timeOf(second), ...change };
}

function renamed(facts: readonly RecipientFact[], name: string): readonly RecipientFact[] {
  return facts.map((fact) => ({ ...fact, recipient: name }));
}

function timeOf(second: number): Date {
  return new Date(Date.UTC(2025, 10, 21, 10, 0, second));
}

async function note({ recipients }: StoreSubject, facts: readonly RecipientFact[]): Promise<void> {
  succeeds(await recipients.note(facts));
}

async function noteName({ recipients }: StoreSubject, knownAs: string): Promise<void> {
  succeeds(await recipients.noteName({ phoneNumberId, recipient, knownAs, at: timeOf(0) }));
}

async function find({ recipients }: StoreSubject, name = recipient, number = phoneNumberId): Promise<Recipient> {
  return succeeds(await recipients.find(number, name));
}
