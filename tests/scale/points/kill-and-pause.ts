import { pause } from "../../crash/driver/wait.ts";
import type { Point } from "../point.ts";
import { describeSeen, needlessRepeats, overtakenTooSoon, quotaViolations, violationsOf } from "../rules.ts";
import { accept } from "../world/accept.ts";
import { drained } from "../world/drained.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { moveApart } from "../world/move-apart.ts";
import { whilePaused } from "../world/while-paused.ts";
import { openWorld } from "../world/world.ts";

const limitPerSecond = 80;
const outletCount = 12;
/** Within which others have taken over what a killed process was sending. */
const takeoverMs = 6000;

/** Of three processes one is killed and one is suspended for a while: the others go on, and nothing is sent twice or too fast. */
export const killAndPause: Point = {
  title: "one of three processes is killed, another is suspended",
  async run(options) {
    const count = options.messages ?? (options.short ? 12_000 : 30_000);
    const pausedMs = options.short ? 8000 : 60_000;
    const world = await openWorld({ ...options, store: "postgres", limitPerSecond });
    try {
      const [killed, paused, kept] = await Promise.all([world.startServer(), world.startServer(), world.startServer()]);
      await moveApart(world.databaseUrl);
      const outlets = outletsOf("tenant-a", outletCount);
      const orders = campaign(outlets, count);
      // All have work left when they are killed and suspended, and the third while it waits for what they leave.
      await whilePaused(kept, "tenant-a", async () => {
        await accept(killed, orders.slice(0, count / 2));
        await accept(paused, orders.slice(count / 2));
      });
      await drained(world.services, count / 12);
      killed.signal("SIGKILL");
      await pause(2000);
      paused.signal("SIGSTOP");
      await pause(pausedMs);
      paused.signal("SIGCONT");
      await drained(world.services, count);
      await pause(12_000);
      const seen = await world.services.seen();
      const isSlow = seen.longestGapMs > takeoverMs;
      return {
        seen: describeSeen(seen),
        violations: [
          ...violationsOf({ ...seen, overtaken: await overtakenTooSoon(seen, kept) }, count, limitPerSecond),
          ...(await needlessRepeats(seen, kept)),
          ...(isSlow ? [`an outlet sent nothing for ${(seen.longestGapMs / 1000).toFixed(1)} s`] : []),
          ...(await quotaViolations(world.services, ["tenant-a"], count)),
        ],
      };
    } finally {
      await world.close();
    }
  },
};
