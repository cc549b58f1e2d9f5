import { ok, okAsync, ResultAsync } from "neverthrow";
import { expect, it } from "vitest";

import { createManualClock } from "../../in-memory/index.ts";
import { createPacer } from "../pacer.ts";

const rateKey = { tenantId: "t", phoneNumberId: "n", to: "+628111111111", isRetry: false };

it("a message that was answered and is not recorded yet counts once towards its pair's burst", async () => {
  const clock = createManualClock();
  const pacer = createPacer({ clock, permits: 8, pairBurst: 2 });
  const recorded = Promise.withResolvers<void>();
  const first = pacer.withPermit(rateKey, clock.now(), ({ reportOutcome }) => {
    reportOutcome({ kind: "Accepted", wamid: "a" });
    return ResultAsync.fromSafePromise(recorded.promise);
  });
  const second = pacer.withPermit(rateKey, new Date(clock.now().getTime() + 1000), () => okAsync("sent"));
  recorded.resolve();
  expect((await first).isOk()).toBe(true);
  expect(await second).toEqual(ok("sent"));
});
