import type { ServerProcess } from "../../crash/driver/server-process.ts";
import { pause } from "../../crash/driver/wait.ts";
import type { Point } from "../point.ts";
import { accept } from "../world/accept.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { openWorld, type World } from "../world/world.ts";

const limitPerSecond = 80;
const probes = 5;
/** On a machine that is busy with other things, as many times as long as without the campaign. */
const leavesWithin = { ms: 2000, times: 5 };

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
        const aloneMs = await probeAll(world, server, "alone");
        await accept(server, campaign(outletsOf("tenant-a", outletCount), count));
        const tookMs = await probeAll(world, server, "beside");
        const [alone, most] = [Math.max(...aloneMs), Math.max(...tookMs)];
        const left = count + 2 * probes - (await world.services.accepted());
        seen.push(
          `${count} messages on ${outletCount} outlets, ${left} left at the end: the other tenant's left after ${rounded(tookMs)} ms, and without the campaign after ${rounded(aloneMs)} ms`,
        );
        if (left <= 0) violations.push(`${outletCount} outlets: the campaign ended before the other tenant's messages`);
        if (most > Math.max(leavesWithin.ms, leavesWithin.times * alone))
          violations.push(`${outletCount} outlets: one left after ${Math.round(most)} ms`);
      } finally {
        await world.close();
      }
    }
    return { seen, violations };
  },
};

/** How long some messages of the other tenant take from the call to WhatsApp, one after another. */
async function probeAll({ services }: World, server: ServerProcess, name: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let probe = 0; probe < probes; probe += 1) {
    await pause(500);
    const to = `+6599${name.length}000${probe}`;
    const orders = campaign(outletsOf("tenant-b", 1), 1, `${name}-${probe}`).map((order) => ({ ...order, to }));
    const askedAt = Date.now();
    await accept(server, orders);
    tookMs.push((await services.arrivedAt(to)) - askedAt);
  }
  return tookMs;
}

function rounded(times: readonly number[]): string {
  return times.map((ms) => ms.toFixed(0)).join(", ");
}
