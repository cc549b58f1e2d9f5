import { Registry } from "@prometheus-io/client";
import { expect, it } from "vitest";

import { createCounter } from "./counter.ts";

function counterOf(labelNames: readonly string[]) {
  const registry = new Registry();
  const counter = createCounter({ name: "x_total", help: "How many.", labelNames, registers: [registry] });
  const samples = async () => (await registry.metrics()).split("\n").filter((line) => line.startsWith("x_total"));
  return { counter, samples };
}

it("counts on from one scrape to the next", async () => {
  const { counter, samples } = counterOf([]);
  expect(await samples()).toEqual(["x_total 0"]);
  counter.inc();
  counter.inc(4);
  expect(await samples()).toEqual(["x_total 5"]);
  counter.inc();
  expect(await samples()).toEqual(["x_total 6"]);
});

it("has a series of its labels' values from when they are named, and adds up who counts in it", async () => {
  const { counter, samples } = counterOf(["topic", "result"]);
  expect(await samples()).toEqual([]);
  const [one, again, other] = ["a", "a", "b"].map((topic) => counter.labels(topic, "dead"));
  expect(again).toBe(one);
  one?.inc();
  again?.inc(2);
  other?.inc(0);
  expect(await samples()).toEqual(['x_total{topic="a",result="dead"} 3', 'x_total{topic="b",result="dead"} 0']);
});

it("ignores what is no count: a scrape must not fail", async () => {
  const { counter, samples } = counterOf([]);
  for (const by of [Number.NaN, -1, Infinity, 2]) counter.inc(by);
  expect(await samples()).toEqual(["x_total 2"]);
});
