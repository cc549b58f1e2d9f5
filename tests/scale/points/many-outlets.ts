import { join } from "node:path";

import type { Point } from "../point.ts";
import { describeSeen, quotaViolations, violationsOf } from "../rules.ts";
import { accept } from "../world/accept.ts";
import { drained } from "../world/drained.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { usageOf } from "../world/process-usage.ts";
import { openWorld, type StoreName } from "../world/world.ts";

const limitPerSecond = 80;
const outletCount = 50;
/** A server that holds what it has sent would grow by much more. */
const growthLimit = 1.15;

/** A campaign over many numbers drains completely, each message sent once, in memory that does not grow with it. */
export const manyOutlets: Point = {
  title: "a campaign over 50 outlets",
  async run(options) {
    const stores: readonly StoreName[] = options.store ? [options.store] : ["sqlite", "postgres"];
    const seen: string[] = [];
    const violations: string[] = [];
    for (const store of stores) {
      const processes = store === "sqlite" ? 1 : (options.processes ?? 2);
      const count = options.messages ?? (options.short ? 5000 : 100_000);
      const world = await openWorld({ ...options, folder: join(options.folder, store), store, limitPerSecond });
      try {
        const servers = await Promise.all(Array.from({ length: processes }, () => world.startServer()));
        const outlets = outletsOf("tenant-a", outletCount);
        const orders = campaign(outlets, count);
        const startedAt = performance.now();
        await Promise.all(
          servers.map((server, index) =>
            accept(
              server,
              orders.filter(({ outletId }) => Number(outletId.slice(7)) % servers.length === index),
            ),
          ),
        );
        const acceptMs = performance.now() - startedAt;
        const memory = () => servers.map(({ pid }) => usageOf(pid).rssBytes / 2 ** 20);
        await drained(world.services, Math.floor(count / 5));
        const early = memory();
        await drained(world.services, count);
        const late = memory();
        const found = await world.services.seen();
        const megabytes = (all: readonly number[]) => all.map((one) => one.toFixed(0)).join(" and ");
        seen.push(
          `${store}, ${processes} processes: accepted ${(count / (acceptMs / 1000)).toFixed(0)} a second`,
          ...describeSeen(found),
          `memory after a fifth: ${megabytes(early)} MB, at the end: ${megabytes(late)} MB`,
        );
        const grown = late.some((one, index) => one > growthLimit * (early[index] ?? one));
        violations.push(
          ...violationsOf(found, count, limitPerSecond).map((what) => `${store}: ${what}`),
          ...(grown && !options.short ? [`${store}: the memory grows`] : []),
          ...(await quotaViolations(world.services, ["tenant-a"], count)).map((what) => `${store}: ${what}`),
        );
      } finally {
        await world.close();
      }
    }
    return { seen, violations };
  },
};
