import { Histogram, Registry } from "@prometheus-io/client";
import fc from "fast-check";
import { expect, it } from "vitest";

import { createHistogram } from "./histogram.ts";

const buckets = [0.01, 0.1, 1, 2.5];
const values = fc.array(fc.oneof(fc.constantFrom(...buckets, 0, -1, 3), fc.double({ noNaN: true, min: -2, max: 4 })));

function registries(labelNames: readonly string[]) {
  const [ours, theirs] = [new Registry(), new Registry()];
  const described = { name: "x_seconds", help: "How long.", buckets: [...buckets], labelNames: [...labelNames] };
  const own = createHistogram({ ...described, register: (metric) => ours.registerMetric(metric as never) });
  const client = new Histogram({ ...described, registers: [theirs] });
  return { ours, theirs, own, client };
}

it("reports what the client's own histogram reports", () =>
  fc.assert(
    fc.asyncProperty(values, values, async (ofOne, ofOther) => {
      const { ours, theirs, own, client } = registries(["call", "success"]);
      for (const [labels, observed] of [
        [["send", "true"], ofOne],
        [["send", "false"], ofOther],
        [["send", "true"], ofOther],
      ] as const) {
        if (observed.length === 0) continue;
        const [ownSeries, clientSeries] = [own.labels(...labels), client.labels(...labels)];
        for (const value of observed) {
          ownSeries.observe(value);
          clientSeries.observe(value);
        }
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
    }),
  ));

it("has a series from the start if it has no labels", async () => {
  const { ours, theirs, own, client } = registries([]);
  expect(await ours.metrics()).toBe(await theirs.metrics());
  own.observe(0.5);
  client.observe(0.5);
  expect(await ours.metrics()).toBe(await theirs.metrics());
});

it("is reset with its registry, and keeps its series", async () => {
  const { ours, own } = registries([]);
  own.observe(0.5);
  ours.resetMetrics();
  expect(await ours.metrics()).toContain("x_seconds_count 0");
  own.observe(0.5);
  expect(await ours.metrics()).toContain("x_seconds_count 1");
});

it("ignores what is no number: a scrape must not fail", async () => {
  const { ours, own } = registries([]);
  for (const value of [Number.NaN, Infinity, 0.5]) own.observe(value);
  expect(await ours.metrics()).toContain("x_seconds_sum 0.5");
});
