import { expect } from "vitest";

import { kindOf } from "../../domain/message-kind.ts";
import type { Message, Pricing } from "../../domain/message.ts";
import type { CountQuery, MessageCount, MessagePosition } from "../../ports/store/message-store.ts";
import type { Case } from "../contract.ts";
import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome, withReport } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import { accept, commit } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

const dayMs = 86_400_000;
const midnight = new Date(Math.floor(exampleTime.getTime() / dayMs) * dayMs);
const at = (days: number, ms = 0): Date => new Date(midnight.getTime() + days * dayMs + ms);
const always = { since: at(-100), until: at(100) };

export const countCases: readonly Case<StoreSubject>[] = [
  {
    name: "How many messages there are of each kind (`kindOf`), of one tenant or of all",
    async run(subject) {
      const messages = [...kinds(), ...kinds(), ...kinds("tenant-2")];
      for (const message of messages) await accept(subject, { ...message, revision: 1 });
      for (const tenantId of [undefined, "tenant-1", "tenant-2", "tenant-3"]) {
        const meant = messages.filter(({ request }) => [undefined, request.outlet.tenantId].includes(tenantId));
        expect(await counted(subject, { ...(tenantId !== undefined && { tenantId }) })).toEqual(kindsOf(meant));
      }
    },
  },
  {
    name: "Those are counted that were accepted at `since` or later and before `until`",
    async run(subject) {
      const times = [at(0, -1), at(0), at(0, 1), at(1, -1), at(1)];
      for (const acceptedAt of times) await accept(subject, exampleMessage({ acceptedAt }));
      const count = async (since: Date, until: Date) => total(await counted(subject, { since, until }));
      expect(await count(at(0), at(1))).toBe(3);
      expect(await count(at(0, -1), at(1, 1))).toBe(5);
      expect(await count(at(0), at(0))).toBe(0);
      expect(await count(at(1), at(0))).toBe(0);
    },
  },
  {
    name: "each as it is stored at the call",
    async run(subject) {
      const intended = withIntent(exampleMessage());
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      const expected = withReport(sent, "sent", exampleTime, { pricing: { category: "utility", billable: true } });
      const delivered = withReport(expected, "delivered", exampleTime, {
        pricing: { category: "service", billable: false },
      });
      await accept(subject, intended);
      for (const next of [sent, expected, delivered]) {
        await commit(subject, next);
        expect(await counted(subject)).toEqual(kindsOf([next]));
      }
    },
  },
  {
    name: "A call counts up to `limit` messages",
    async run(subject) {
      for (const seconds of [3, 1, 2, 0, 2])
        await accept(subject, exampleMessage({ acceptedAt: at(0, seconds * 1000) }));
      for (const tenantId of [undefined, "tenant-1"]) {
        for (const [limit, expected] of [
          [1, 1],
          [4, 4],
          [9, 5],
        ] as const) {
          const query = { limit, ...(tenantId !== undefined && { tenantId }) };
          expect(total(await counted(subject, query))).toBe(expected);
        }
      }
    },
  },
  {
    name: "together the calls count each message once, whatever is committed meanwhile",
    async run(subject) {
      const intended = Array.from({ length: 25 }, (_, index) =>
        withIntent(exampleMessage({ acceptedAt: at(0, Math.floor(index / 10)) })),
      );
      for (const message of intended) await accept(subject, message);
      const left = [...intended];
      for (const tenantId of [undefined, "tenant-1"]) {
        let [sum, calls] = [0, 0];
        let after: MessagePosition | undefined;
        do {
          const query = { ...always, limit: 4, ...(after && { after }), ...(tenantId !== undefined && { tenantId }) };
          const page = succeeds(await subject.messages.count(query));
          sum += total(page.counts);
          after = page.next;
          const one = left.pop();
          if (one) await commit(subject, withOutcome(one, exampleOutcomes.NotSent));
        } while (after && (calls += 1) < 30);
        expect([sum, after]).toEqual([intended.length, undefined]);
      }
    },
  },
];

/** A message of each kind, in some order. */
function kinds(tenantId = "tenant-1"): readonly Message[] {
  const message = (days: number) => exampleMessage({ tenantId, acceptedAt: at(days, 1000) });
  const sent = (days: number) => withOutcome(withIntent(message(days)), exampleOutcomes.Accepted);
  const priced = (pricing: Pricing) => withReport(sent(0), "delivered", exampleTime, { pricing });
  const request = { ...message(0).request, content: { type: "sticker", sticker: { id: "1" } } } as const;
  return [
    message(-1),
    message(0),
    { ...message(0), request },
    sent(0),
    sent(1),
    priced({ model: "PMP" }),
    priced({ billable: true }),
    priced({ billable: false }),
    priced({ category: "utility" }),
    priced({ category: "marketing_lite", billable: true }),
    priced({ category: "marketing_lite", billable: false }),
  ];
}

function kindsOf(messages: readonly Message[]): readonly MessageCount[] {
  const names = messages.map((message) => JSON.stringify(kindOf(message)));
  const counts = [...new Set(names)].map((name) => ({
    ...(JSON.parse(name) as MessageCount),
    count: names.filter((other) => other === name).length,
  }));
  return inOrder(counts);
}

async function counted({ messages }: StoreSubject, query: Partial<CountQuery> = {}): Promise<readonly MessageCount[]> {
  return inOrder(succeeds(await messages.count({ ...always, limit: 1000, ...query })).counts);
}

function inOrder(counts: readonly MessageCount[]): readonly MessageCount[] {
  const nameOf = ({ day, type, status, pricingCategory, billable }: MessageCount) =>
    [day, type, status, pricingCategory, billable].join(" ");
  return counts.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function total(counts: readonly MessageCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
