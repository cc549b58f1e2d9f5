import { describe, expect, it } from "vitest";

import { createEvictingMap } from "./evicting-map.ts";

const create = (idleAfter: number) => {
  const memory = createEvictingMap<{ usedAt: number }>(
    () => ({ usedAt: 0 }),
    ({ usedAt }, now) => now - usedAt > idleAfter,
  );
  return { memory, use: (key: string, now: number) => (memory.get(key, now).usedAt = now) };
};

describe("an evicting map", () => {
  it("keeps a value while it is not idle, whatever else comes and goes", () => {
    const { memory, use } = create(10);
    use("kept", 0);
    const kept = memory.get("kept", 0);
    for (let now = 1; now < 1000; now += 1) {
      use(`passer-by ${now}`, now);
      use("kept", now);
    }
    expect(memory.get("kept", 1000)).toBe(kept);
  });

  it("evicts idle values: it holds little more than is in use, however many keys it has seen", () => {
    const { memory, use } = create(100);
    for (let now = 0; now < 100_000; now += 1) use(`recipient ${now}`, now);
    expect(memory.size).toBeLessThan(300);
  });
});
