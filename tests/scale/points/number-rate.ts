import { pause } from "../../crash/driver/wait.ts";
import type { Point } from "../point.ts";
import { describeSeen } from "../rules.ts";
import { accept } from "../world/accept.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { openWorld } from "../world/world.ts";
import { startWaitingCalls } from "../world/waiting-calls.ts";

/** How much of its limit a number uses while more waits than it can send, by the number of processes. */
const leastUsed = (processes: number): number => (processes > 2 ? 0.8 : 0.85);
const warmUpMs = 5000;
const callsOfEach = 8;

/** Several processes send from one number, waiting calls and queued messages mixed: none is refused, and little of the limit is lost. */
export function numberRate(limitPerSecond: number): Point {
  return {
    title: `a number of ${limitPerSecond} a second, from several processes`,
    async run(options) {
      const processes = options.processes ?? 2;
      const seconds = options.short ? 15 : 60;
      const world = await openWorld({ ...options, store: "postgres", limitPerSecond });
      try {
        const servers = await Promise.all(Array.from({ length: processes }, () => world.startServer()));
        const outlets = outletsOf("tenant-a", 1);
        const orders = campaign(outlets, options.messages ?? Math.ceil(limitPerSecond * (seconds + 20)));
        const part = Math.ceil(orders.length / processes);
        await Promise.all(
          servers.map((server, index) => accept(server, orders.slice(index * part, (index + 1) * part))),
        );
        const calls = servers.map((server, index) => startWaitingCalls(server, `caller-${index}`, callsOfEach));
        await pause(warmUpMs);
        await world.services.clear();
        await pause(seconds * 1000);
        const seen = await world.services.seen();
        const answered = await Promise.all(calls.map((one) => one.stop()));
        const used = seen.accepted / (limitPerSecond * seconds);
        return {
          seen: [
            ...describeSeen(seen),
            `${(100 * used).toFixed(1)} % of the limit is used; waiting calls answered: ${JSON.stringify(answered)}`,
          ],
          violations: [
            ...(seen.refused === 0 ? [] : [`${seen.refused} requests were refused by the limit`]),
            ...(used >= leastUsed(processes) ? [] : [`only ${(100 * used).toFixed(1)} % of the limit is used`]),
          ],
        };
      } finally {
        await world.close();
      }
    },
  };
}
