import { expect, it, vi } from "vitest";

import { createRateLimiter } from "./rate-limit.ts";

it("counts down, refuses what is more, and begins again with the next window", () => {
  vi.useFakeTimers();
  try {
    const count = createRateLimiter({ requestsPerSecond: 2, burst: 3 });
    const policy = { "ratelimit-policy": '"default";q=3;w=2' };
    for (const remaining of [2, 1, 0]) {
      expect(count()).toEqual({
        isExceeded: false,
        resetSeconds: 2,
        headers: { ...policy, ratelimit: `"default";r=${remaining};t=2` },
      });
    }
    vi.advanceTimersByTime(600);
    expect(count()).toEqual({
      isExceeded: true,
      resetSeconds: 1,
      headers: { ...policy, ratelimit: '"default";r=0;t=1' },
    });
    vi.advanceTimersByTime(900);
    expect(count()).toMatchObject({ isExceeded: false, headers: { ratelimit: '"default";r=2;t=2' } });
  } finally {
    vi.useRealTimers();
  }
});

it("a wall clock that is set back makes nobody wait longer than a window", () => {
  vi.useFakeTimers();
  try {
    const count = createRateLimiter({ requestsPerSecond: 1, burst: 1 });
    count();
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(count()).toMatchObject({ isExceeded: true, resetSeconds: 1 });
    vi.advanceTimersByTime(1000);
    expect(count()).toMatchObject({ isExceeded: false });
  } finally {
    vi.useRealTimers();
  }
});

it("one limiter knows nothing of another", () => {
  const [one, other] = [1, 2].map(() => createRateLimiter({ requestsPerSecond: 1, burst: 60 }));
  one?.();
  expect(other?.().headers["ratelimit"]).toBe('"default";r=59;t=60');
});

it("the first request of a window is told its length, whatever the clock says", () => {
  const clock = vi.spyOn(performance, "now");
  try {
    for (let nowMs = 1; nowMs < 100_000; nowMs += 99.9001) {
      clock.mockReturnValue(nowMs);
      expect(createRateLimiter({ requestsPerSecond: 1, burst: 60 })().resetSeconds).toBe(60);
    }
  } finally {
    clock.mockRestore();
  }
});
