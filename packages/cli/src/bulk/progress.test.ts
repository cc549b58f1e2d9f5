import { expect, it } from "vitest";

import { progressText } from "./progress.ts";

it.each([
  [{ total: 5000, before: 0, accepted: 0, failed: 0 }, 500, "0 of 5,000"],
  [{ total: 5000, before: 0, accepted: 2000, failed: 0 }, 2000, "2,000 of 5,000 · 1,000/s · 3 s left"],
  [{ total: 5000, before: 1000, accepted: 1990, failed: 10 }, 1000, "3,000 of 5,000 · 2,000/s · 10 failed · 1 s left"],
  [{ total: 1_000_000, before: 0, accepted: 1000, failed: 0 }, 10_000, "1,000 of 1,000,000 · 100/s · 2 h 47 min left"],
  [{ total: 10, before: 0, accepted: 9, failed: 1 }, 1000, "10 of 10 · 10/s · 1 failed"],
])("%j after %i ms", (progress, elapsedMs, text) => {
  expect(progressText(progress, elapsedMs)).toBe(text);
});
