import { pause } from "../../crash/driver/wait.ts";
import type { Point } from "../point.ts";
import { describeSeen, needlessRepeats, overtakenTooSoon, quotaViolations, violationsOf } from "../rules.ts";
import { accept } from "../world/accept.ts";
import { drained } from "../world/drained.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { openWorld } from "../world/world.ts";

const limitPerSecond = 80;
const outletCount = 20;
const downMs = 2000;
const resumeMs = 5000;

/** PostgreSQL ends at once in the middle of a campaign, and comes back. */
export const restartedPostgres: Point = {
  title: "PostgreSQL crashes and is started again",
  async run(options) {
    const count = options.messages ?? (options.short ? 6000 : 10_000);
    const world = await openWorld({ ...options, store: "postgres", limitPerSecond });
    try {
      const servers = await Promise.all([world.startServer(), world.startServer()]);
      const [first] = servers;
      await accept(first, campaign(outletsOf("tenant-a", outletCount), count));
      await drained(world.services, count / 4);
      await world.postgres?.crash();
      await pause(downMs);
      await world.postgres?.startAgain();
      const before = await world.services.accepted();
      const upAt = performance.now();
      await drained(world.services, before + 1);
      const resumedMs = performance.now() - upAt;
      await drained(world.services, count);
      await pause(12_000);
      const seen = await world.services.seen();
      return {
        seen: [...describeSeen(seen), `the next message was sent ${resumedMs.toFixed(0)} ms after PostgreSQL was up`],
        violations: [
          ...violationsOf({ ...seen, overtaken: await overtakenTooSoon(seen, first) }, count, limitPerSecond),
          ...(await needlessRepeats(seen, first)),
          ...(resumedMs > resumeMs ? [`resumed after ${resumedMs.toFixed(0)} ms`] : []),
          ...(await quotaViolations(world.services, ["tenant-a"], count)),
        ],
      };
    } finally {
      await world.close();
    }
  },
};
