import { ResultAsync } from "neverthrow";
import { expect, it } from "vitest";

import type { Clock } from "../../ports/clock.ts";
import type { RateKey } from "../../ports/pacer.ts";
import { createPacer, type PacerOptions } from "../pacer.ts";

const dayMs = 86_400_000;

/** Whose deadline is a day away is only woken; whoever sleeps shorter has time jump there. Costs the same whatever sleeps. */
function createJumpingClock(): Clock {
  let now = 0;
  return {
    now: () => new Date(now),
    monotonicMs: () => now,
    async sleep(ms, woken) {
      const at = now + ms;
      await (at >= dayMs ? woken : Promise.resolve());
      if (at < dayMs) now = Math.max(now, at);
    },
  };
}

const rateKey: RateKey = { tenantId: "tenant", phoneNumberId: "number", to: "", isRetry: false };

/** Has `count` submissions wait, then go one after another; gives the CPU time of this thread that it took. */
async function cpuOf(count: number, options: Partial<PacerOptions>, rateKeyOf: (index: number) => Partial<RateKey>) {
  const pacer = createPacer({ clock: createJumpingClock(), permits: 16, rates: false, ...options });
  const { promise: start, resolve: begin } = Promise.withResolvers<void>();
  let begun = 0;
  const before = process.threadCpuUsage();
  const all = Array.from({ length: count }, (_, index) =>
    pacer.withPermit({ ...rateKey, to: `+62812${index}`, ...rateKeyOf(index) }, new Date(dayMs), () => {
      begun += 1;
      return ResultAsync.fromSafePromise(start);
    }),
  );
  await Promise.resolve();
  expect(begun).toBeGreaterThan(0);
  expect(begun).toBeLessThan(count);
  begin();
  const results = await Promise.all(all);
  const { user, system } = process.threadCpuUsage(before);
  expect(results.every((result) => result.isOk())).toBe(true);
  return user + system;
}

const few = 500;
const factor = 10;

/** What `factor` times as many cost, by what as many cost a few at a time: 1 where it grows in a line, `factor` where by the square. */
async function growth(options: Partial<PacerOptions>, rateKeyOf: (index: number) => Partial<RateKey>): Promise<number> {
  await cpuOf(few, options, rateKeyOf);
  let inParts = 0;
  for (let part = 0; part < factor; part += 1) inParts += await cpuOf(few, options, rateKeyOf);
  return (await cpuOf(few * factor, options, rateKeyOf)) / inParts;
}

const tenants = (index: number): Partial<RateKey> => ({ tenantId: `tenant-${index}` });

it.each<[string, (index: number) => Partial<RateKey>]>([
  ["tenants wait for one number", tenants],
  ["numbers wait for a permit", (index) => ({ tenantId: `tenant-${index}`, phoneNumberId: `number-${index}` })],
  ["numbers wait for their tenant's share", (index) => ({ phoneNumberId: `number-${index}` })],
  ["messages of one tenant wait for one number", () => ({})],
  [
    "messages of a few tenants wait for a few numbers",
    (index) => ({ tenantId: `tenant-${index % 7}`, phoneNumberId: `number-${index % 5}`, isQueued: index % 3 === 0 }),
  ],
])("what a permit costs does not grow with how many %s", async (_, rateKeyOf) => {
  expect(await growth({}, rateKeyOf)).toBeLessThan(4);
});

it("the cost of a turn does not grow with the number of waiting tenants", async () => {
  expect(await growth({ rates: true, permits: 10_000 }, tenants)).toBeLessThan(4);
});
