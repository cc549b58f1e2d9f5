import { expect } from "vitest";

import { eventIdOf, type StatusEvent } from "../../domain/status-event.ts";
import type { Case } from "../contract.ts";
import { exampleEvent, exampleOutlet } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import type { StatusCallbacksSubject } from "./subject.ts";

export const statusCallbacksCases: readonly Case<StatusCallbacksSubject>[] = [
  {
    name: "Whether the tenant's events are wanted",
    async run(subject) {
      expect(subject.callbacks.isWanted(subject.wanted)).toBe(true);
      await deliver(subject, eventOf(subject.wanted));
      expect(subject.callbacks.isWanted(subject.wanted)).toBe(true);
    },
  },
  {
    name: "`false` only where it is known that nobody wants them",
    async run(subject) {
      expect(await deliver(subject, eventOf(subject.unwanted))).toBe("unwanted");
      expect(subject.callbacks.isWanted(subject.unwanted)).toBe(false);
      expect(await subject.arrived()).toEqual([]);
    },
  },
  {
    name: "Delivers one event, whole",
    async run(subject) {
      const event = eventOf(subject.wanted);
      expect(await deliver(subject, event)).toBe("delivered");
      expect(await subject.arrived()).toEqual([partsOf(event)]);
    },
  },
  {
    name: "An event may be delivered more than once; `eventIdOf` tells repeats apart",
    async run(subject) {
      const first = eventOf(subject.wanted);
      const second = { ...first, version: first.version + 1 };
      for (const event of [first, first, second]) expect(await deliver(subject, event)).toBe("delivered");
      const ids = (await subject.arrived()).map(eventIdOf);
      expect([...new Set(ids)]).toEqual([eventIdOf(first), eventIdOf(second)]);
    },
  },
  {
    name: "Many events of different messages are delivered at the same time",
    async run(subject) {
      const events = Array.from({ length: 40 }, () => eventOf(subject.wanted));
      const results = await Promise.all(events.map((event) => deliver(subject, event)));
      expect(results).toEqual(events.map(() => "delivered"));
      expect((await subject.arrived()).map(eventIdOf).toSorted()).toEqual(events.map(eventIdOf).toSorted());
    },
  },
  {
    name: "Never fails: the result says what became of it",
    async run(subject) {
      await subject.goAway();
      const event = eventOf(subject.wanted);
      const result = succeeds(await subject.callbacks.deliver(event));
      expect(result.kind).toMatch(/^(retry|busy)$/);
      if (!("reason" in result)) return;
      expect(result.reason).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,500}$/u);
      expect(result.reason).not.toContain(event.to.slice(1));
    },
  },
];

function eventOf(tenantId: string): StatusEvent {
  return exampleEvent({ outlet: { ...exampleOutlet, tenantId } });
}

async function deliver({ callbacks }: StatusCallbacksSubject, event: StatusEvent): Promise<string> {
  return succeeds(await callbacks.deliver(event)).kind;
}

function partsOf({ messageId, version, to, reference, status, failure, at }: StatusEvent) {
  return { messageId, version, to, reference, status, failure, at };
}
