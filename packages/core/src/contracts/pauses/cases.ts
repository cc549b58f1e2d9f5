import { expect } from "vitest";

import { type Pause, pauseIdOf, type PauseTarget } from "../../domain/pause.ts";
import type { Case } from "../contract.ts";
import { exampleTime, oddText } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import type { StoreSubject } from "../store/subject.ts";

export const pausesCases: readonly Case<StoreSubject>[] = [
  {
    name: "Adds a pause, to the last code point and millisecond",
    async run(subject) {
      const full = pauseOf(
        { kind: "template", name: "order_ready", tenantId: "acme", language: "en_US", wabaId: "102290129340398" },
        { until: laterBy(1), reason: oddText, by: "key-1" },
      );
      await add(subject, full);
      expect(await list(subject)).toStrictEqual([full]);
    },
  },
  {
    name: "It replaces the one of the same id",
    async run(subject) {
      const first = pauseOf({ kind: "tenant", name: "acme", tenantId: "acme" }, { until: laterBy(60_000) });
      const { until: _, ...second } = { ...first, reason: "for good", by: "key-2", at: laterBy(1000) };
      for (const pause of [first, second]) await add(subject, pause);
      expect(await list(subject)).toStrictEqual([second]);
      await Promise.all(Array.from({ length: 20 }, () => add(subject, first)));
      expect(await list(subject)).toStrictEqual([first]);
    },
  },
  {
    name: "Lists every pause, in the order of their ids",
    async run(subject) {
      const names = ["b", "a", "A", "_", "~", ...Array.from({ length: 200 }, (_, index) => `n-${index}`)];
      const pauses = names.map((name) => pauseOf({ kind: "number", name }));
      await Promise.all(pauses.map((pause) => add(subject, pause)));
      const ids = pauses.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1));
      expect((await list(subject)).map(({ id }) => id)).toEqual(ids);
    },
  },
  {
    name: "One that has ended by itself is listed until it is removed",
    async run(subject) {
      const ended = pauseOf({ kind: "outlet", name: "main", tenantId: "acme" }, { until: exampleTime });
      await add(subject, ended);
      await subject.advance(60_000);
      expect(await list(subject)).toStrictEqual([ended]);
    },
  },
  {
    name: "Finds the pause of this id. One that has ended by itself is found until it is removed",
    async run(subject) {
      const [one, other] = ["main", "Main"].map((name) =>
        pauseOf({ kind: "outlet", name, tenantId: "acme" }, { until: exampleTime }),
      );
      if (!one || !other) throw new Error("There are two.");
      await Promise.all([add(subject, one), add(subject, other)]);
      await subject.advance(60_000);
      expect(await find(subject, one.id)).toStrictEqual(one);
      expect(await find(subject, one.id.slice(0, -1))).toBeUndefined();
      expect(await find(subject, other.id)).toStrictEqual(other);
      succeeds(await subject.pauses.removeEnded(laterBy(60_000)));
      expect(await find(subject, one.id)).toBeUndefined();
    },
  },
  {
    name: "Removes the pause of this id and returns whether there was one",
    async run(subject) {
      const [one, other] = ["main", "Main"].map((name) => pauseOf({ kind: "outlet", name, tenantId: "acme" }));
      if (!one || !other) throw new Error("There are two.");
      await Promise.all([add(subject, one), add(subject, other)]);
      expect(await remove(subject, one.id)).toBe(true);
      expect(await list(subject)).toStrictEqual([other]);
      expect(await remove(subject, one.id)).toBe(false);
      expect(await remove(subject, "")).toBe(false);
      expect(await list(subject)).toStrictEqual([other]);
    },
  },
  {
    name: "Removes the pauses whose `until` is not later than `at`",
    async run(subject) {
      const [before, at, after] = [-1, 0, 1].map((ms) =>
        pauseOf({ kind: "number", name: `${100 + ms}` }, { until: laterBy(ms) }),
      );
      const open = pauseOf({ kind: "number", name: "0" });
      if (!before || !at || !after) throw new Error("There are three.");
      for (const pause of [before, at, after, open]) await add(subject, pause);
      succeeds(await subject.pauses.removeEnded(exampleTime));
      expect(await list(subject)).toStrictEqual([open, after]);
    },
  },
];

function laterBy(ms: number): Date {
  return new Date(exampleTime.getTime() + ms);
}

function pauseOf(target: Omit<PauseTarget, "owner">, change: Partial<Pause> = {}): Pause {
  const owned: PauseTarget = { ...target, owner: "operator" };
  return { ...owned, id: pauseIdOf(owned), reason: "maintenance", by: "operator", at: exampleTime, ...change };
}

async function add({ pauses }: StoreSubject, pause: Pause): Promise<void> {
  succeeds(await pauses.add(pause));
}

async function list({ pauses }: StoreSubject): Promise<readonly Pause[]> {
  return succeeds(await pauses.list());
}

async function find({ pauses }: StoreSubject, id: string): Promise<Pause | undefined> {
  return succeeds(await pauses.find(id));
}

async function remove({ pauses }: StoreSubject, id: string): Promise<boolean> {
  return succeeds(await pauses.remove(id));
}
