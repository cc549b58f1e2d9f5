import { expect, it } from "vitest";

import { exampleMessage } from "../../contracts/index.ts";
import type { LineRef } from "../../ports/store/message-queue.ts";
import { createHeldLines } from "./held-lines.ts";

/** Lines whose time a test sets. `asked` counts how often a line is looked at. */
function setup(isPaused: (line: LineRef) => boolean = () => false) {
  let now = 0;
  let asked = 0;
  const lines = createHeldLines({
    nowMs: () => now,
    expiresMs: () => Infinity,
    isPaused: (line) => ((asked += 1), isPaused(line)),
  });
  return {
    lines,
    at: (ms: number) => void (now = ms),
    asked: () => asked,
    /** Reads all lines that need it, and finds one message on each line. */
    read() {
      for (let plans = lines.toRead("all"); plans.length > 0; plans = lines.toRead("all")) {
        for (const plan of plans) {
          lines.read(
            plan,
            plan.lines.map(({ ref }) => exampleMessage(ref)),
          );
        }
      }
    },
  };
}

const linesOf = (tenantId: string, count: number): readonly LineRef[] =>
  Array.from({ length: count }, (_, index) => ({ tenantId, outletId: `outlet-${index}` }));

it("a look costs nothing for lines that pacing holds back, however many they are, until their holds end", () => {
  const { lines, at, asked } = setup();
  lines.add(linesOf("a", 5000));
  const held = linesOf("a", 5000).flatMap((ref) => lines.find(ref) ?? []);
  for (const [index, line] of held.entries()) {
    line.expiresMs = Infinity;
    lines.holdBack(line, index === 0 ? 1000 : 10_000);
    line.expiresMs = Infinity;
    lines.markDue(line);
  }
  const before = asked();
  at(999);
  lines.recheck();
  expect([asked() - before, lines.needsRead]).toEqual([0, false]);
  at(1000);
  lines.recheck();
  expect([asked() - before, lines.needsRead]).toEqual([1, true]);
});

it("a line on which something is under way is read again after a while: another process may have accepted more", () => {
  const { lines, at, read } = setup();
  lines.add(linesOf("a", 1));
  read();
  const next = lines.next();
  expect(next?.line.ref).toEqual(linesOf("a", 1)[0]);
  at(299);
  lines.recheck();
  expect(lines.needsRead).toBe(false);
  at(300);
  lines.recheck();
  expect(lines.needsRead).toBe(true);
});

it("a pause that begins stops what was read before, and a look after it has ended goes on", () => {
  let paused = false;
  const { lines, at, read } = setup(() => paused);
  lines.add(linesOf("a", 2));
  read();
  paused = true;
  expect(lines.next()).toBeUndefined();
  paused = false;
  at(1000);
  lines.recheck();
  read();
  expect(lines.next()).toBeDefined();
});

it("holds so many lines and no more; then those that are held back make room for other tenants", () => {
  const { lines, at } = setup();
  const all = [];
  for (; lines.room > 0; all.push(lines.find({ tenantId: "a", outletId: String(all.length) }))) {
    lines.add([{ tenantId: "a", outletId: String(all.length) }]);
  }
  expect([all.length, all.every((line) => line !== undefined)]).toEqual([10_000, true]);
  const [first, second] = all;
  if (second) lines.holdBack(second, 60_000);
  lines.giveUp(0);
  const released = lines.toRelease();
  expect([released.length, lines.room, released[0]]).toEqual([256, 256, second?.ref]);
  expect(released).not.toContainEqual(all.at(-1)?.ref);
  lines.add([{ tenantId: "b", outletId: "main" }]);
  at(1999);
  lines.giveUp(0);
  expect(lines.toRelease()).toEqual([]);
  expect(lines.find(first?.ref ?? { tenantId: "", outletId: "" })).toBeUndefined();
});
