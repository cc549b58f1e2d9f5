import { describe, expect, it } from "vitest";

import { createEvictingMap } from "./evicting-map.ts";

const create = (idleAfter: number) => {
  const memory = createEvictingMap<{ usedAt: number }>(
    () => ({ usedAt: 0 }),
    ({ usedAt }, now) => now - usedAt > idleAfter,
  );
  return { memory, use: (key: string, now: number) => (memory.get(key, now).usedAt = now) };
};

describe("what is remembered by key", () => {
  it("is the same as long as it is not idle, whatever comes and goes beside it", () => {
    const { memory, use } = create(10);
    use("kept", 0);
    const kept = memory.get("kept", 0);
    for (let now = 1; now < 1000; now += 1) {
      use(`passer-by ${now}`, now);
      use("kept", now);
    }
    expect(memory.get("kept", 1000)).toBe(kept);
  });

  it("is forgotten when it is idle: there is little more than is in use, however many came", () => {
    const { memory, use } = create(100);
    for (let now = 0; now < 100_000; now += 1) use(`recipient ${now}`, now);
    expect(memory.size).toBeLessThan(300);
  });
});
