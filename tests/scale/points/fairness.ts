import { pause } from "../../crash/driver/wait.ts";
import type { Point } from "../point.ts";
import { accept } from "../world/accept.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { openWorld } from "../world/world.ts";

const limitPerSecond = 80;
const probes = 5;
const leavesWithinMs = 2000;

/** A tenant with a large campaign, on one outlet or on many, does not delay the message of another tenant. */
export const fairness: Point = {
  title: "one message of a tenant, beside the campaign of another",
  async run(options) {
    const seen: string[] = [];
    const violations: string[] = [];
    const count = options.messages ?? (options.short ? 10_000 : 50_000);
    for (const outletCount of options.short ? [1, 500] : [1, 50, 2000]) {
      const world = await openWorld({
        ...options,
        folder: `${options.folder}-${outletCount}`,
        store: options.store ?? "postgres",
        limitPerSecond,
      });
      try {
        const server = await world.startServer();
        await accept(server, campaign(outletsOf("tenant-a", outletCount), count));
        const tookMs: number[] = [];
        for (let probe = 0; probe < probes; probe += 1) {
          await pause(500);
          const [order] = campaign(outletsOf("tenant-b", 1), 1, `probe-${probe}`);
          if (!order) throw new Error("there is no message");
          const to = `+65990000${probe}`;
          const askedAt = Date.now();
          await accept(server, [{ ...order, to }]);
          tookMs.push((await world.services.arrivedAt(to)) - askedAt);
        }
        const most = Math.max(...tookMs);
        const left = count - (await world.services.accepted());
        seen.push(
          `${count} messages on ${outletCount} outlets, ${left} left at the end: the other tenant's left after ${tookMs.map((ms) => Math.round(ms)).join(", ")} ms`,
        );
        if (left <= 0) violations.push(`${outletCount} outlets: the campaign ended before the other tenant's messages`);
        if (most > leavesWithinMs) violations.push(`${outletCount} outlets: one left after ${Math.round(most)} ms`);
      } finally {
        await world.close();
      }
    }
    return { seen, violations };
  },
};
