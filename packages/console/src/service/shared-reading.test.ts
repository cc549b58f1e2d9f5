import { expect, it } from "vitest";

import { createSharedReadings } from "./shared-reading.ts";

function counting(options: { freshMs: number; atOnce?: number; capacity?: number }) {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const readings = createSharedReadings({
    ...options,
    async read(key) {
      asked.push(key);
      await new Promise<void>((go) => waiting.push(go));
      if (key === "bad") throw new Error("no");
      return `${key}!`;
    },
  });
  const answer = () => waiting.splice(0).forEach((go) => go());
  return { readings, asked, answer };
}

it("asks once for all who ask for the same, and again later", async () => {
  const { readings, asked, answer } = counting({ freshMs: 100_000 });
  const both = [readings.of("a"), readings.of("a")];
  answer();
  expect(await Promise.all(both)).toEqual(["a!", "a!"]);
  expect(await readings.of("a")).toBe("a!");
  expect(asked).toEqual(["a"]);
});

it("asks again once a reading is old, and after one that failed", async () => {
  const { readings, asked, answer } = counting({ freshMs: 0 });
  for (let time = 0; time < 2; time += 1) {
    const reading = readings.of("a");
    answer();
    expect(await reading).toBe("a!");
  }
  expect(asked).toEqual(["a", "a"]);
  const kept = counting({ freshMs: 100_000 });
  for (let time = 0; time < 2; time += 1) {
    const reading = kept.readings.of("bad");
    kept.answer();
    await expect(reading).rejects.toThrow("no");
  }
  expect(kept.asked).toEqual(["bad", "bad"]);
});

it("asks for a few at a time", async () => {
  const { readings, asked, answer } = counting({ freshMs: 100_000, atOnce: 2 });
  const all = ["a", "b", "c", "d"].map((key) => readings.of(key));
  expect(asked).toEqual(["a", "b"]);
  while (asked.length < 4) {
    answer();
    await new Promise((resolve) => setImmediate(resolve));
  }
  answer();
  expect(await Promise.all(all)).toEqual(["a!", "b!", "c!", "d!"]);
});

it("forgets the oldest when it knows too many", async () => {
  const { readings, asked, answer } = counting({ freshMs: 100_000, atOnce: 9, capacity: 2 });
  for (const key of ["a", "b", "c", "a"]) {
    const reading = readings.of(key);
    answer();
    await reading;
  }
  expect(asked).toEqual(["a", "b", "c", "a"]);
});
