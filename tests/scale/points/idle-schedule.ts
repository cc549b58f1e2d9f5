import { pause } from "../../crash/driver/wait.ts";
import { meterPostgres } from "../../bench/queue/postgres-usage.ts";
import type { Point } from "../point.ts";
import { accept } from "../world/accept.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { usageOf } from "../world/process-usage.ts";
import { openWorld } from "../world/world.ts";

const weekMs = 7 * 24 * 3_600_000;
const measuredMs = 20_000;
/** Of one core. */
const mostOfServer = 0.02;
/** Ten rounds a second, none of which may cost more than 5 ms. */
const mostOfPostgres = 0.05;

/** Many outlets have something for next week: until then that costs nearly nothing. */
export const idleSchedule: Point = {
  title: "many outlets with a message for next week",
  async run(options) {
    const count = options.messages ?? (options.short ? 5000 : 50_000);
    const world = await openWorld({ ...options, store: "postgres" });
    const meter = await meterPostgres(world.databaseUrl);
    try {
      const server = await world.startServer();
      const scheduledAt = new Date(Date.now() + weekMs);
      const orders = campaign(outletsOf("tenant-a", count), count).map((order) => ({ ...order, scheduledAt }));
      await accept(server, orders);
      // Autovacuum and the settling of quota come after the accepts.
      await pause(options.short ? 5000 : 60_000);
      const [own, postgres] = [usageOf(server.pid).cpuMs, (await meter.usage()).cpuMicros / 1000];
      await pause(measuredMs);
      const ofServer = (usageOf(server.pid).cpuMs - own) / measuredMs;
      const ofPostgres = ((await meter.usage()).cpuMicros / 1000 - postgres) / measuredMs;
      const sent = await world.services.accepted();
      const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
      return {
        seen: [`${count} outlets: of a core the server uses ${percent(ofServer)}, PostgreSQL ${percent(ofPostgres)}`],
        violations: [
          ...(sent === 0 ? [] : [`${sent} messages were sent`]),
          ...(ofServer <= mostOfServer ? [] : [`the server uses ${percent(ofServer)}`]),
          ...(ofPostgres <= mostOfPostgres ? [] : [`PostgreSQL uses ${percent(ofPostgres)}`]),
        ],
      };
    } finally {
      await meter.close();
      await world.close();
    }
  },
};
