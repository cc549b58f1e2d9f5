import { Registry } from "@prometheus-io/client";
import { expect, it, onTestFinished } from "vitest";

import { createPrometheusTelemetry } from "../metrics/prometheus-telemetry.ts";
import { createRegistryPart } from "../metrics/registry.ts";
import { followLastHour } from "./last-hour.ts";

const outlet = { tenantId: "t", outletId: "o" };

function follow() {
  const metrics = createRegistryPart(new Registry());
  const { record } = createPrometheusTelemetry(metrics);
  let now = 1_000_000_000_000;
  const hour = followLastHour({ metrics, now: () => now });
  onTestFinished(hour.stop);
  const sent = (count: number) => {
    for (let index = 0; index < count; index += 1)
      record({
        kind: "MessageSent",
        messageId: "m",
        outlet,
        conversationId: "c",
        mode: "direct",
        attempts: 1,
        possibleDuplicate: false,
        sinceAcceptedMs: 20,
      } as never);
  };
  const answered = (durationMs: number) => record({ kind: "CallAnswered", call: "send", result: "done", durationMs });
  const later = (ms: number) => void (now += ms);
  const counts = async () => (await hour.report()).slots.map(([number, slot]) => [number, slot.counts["ended:sent"]]);
  return { hour, sent, answered, later, counts };
}

it("says what happened in each ten seconds, and nothing of those in which nothing did", async () => {
  const { sent, later, counts } = follow();
  sent(2);
  expect(await counts()).toEqual([[100_000_000, 2]]);
  later(9_999);
  sent(3);
  expect(await counts()).toEqual([[100_000_000, 5]]);
  later(20_000);
  sent(1);
  expect(await counts()).toEqual([
    [100_000_000, 5],
    [100_000_002, 1],
  ]);
  expect(await counts()).toHaveLength(2);
});

it("forgets what is older than an hour", async () => {
  const { hour, sent, later, counts } = follow();
  sent(1);
  await hour.report();
  later(3_590_000);
  sent(2);
  expect(await counts()).toHaveLength(2);
  later(10_000);
  expect(await counts()).toEqual([[100_000_359, 2]]);
  later(7_200_000);
  expect(await counts()).toEqual([]);
});

it("says how long sends took, by the bounds of the histogram", async () => {
  const { hour, answered, later } = follow();
  answered(8);
  await hour.report();
  later(10_000);
  for (const ms of [12, 30, 99_000]) answered(ms);
  const { slots, bounds } = await hour.report();
  expect(bounds["send"]?.slice(0, 3)).toEqual([10, 25, 50]);
  const [first, second] = slots.map(([, { spans }]) => spans["send"]);
  expect(first?.slice(0, 3)).toEqual([1, 0, 0]);
  expect(second?.slice(0, 3)).toEqual([0, 1, 1]);
  expect(second?.at(-1)).toBe(1);
  expect(second).toHaveLength((bounds["send"]?.length ?? 0) + 1);
});
