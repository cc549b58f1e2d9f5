import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { killOnExit } from "../../crash/driver/child-processes.ts";
import { pause } from "../../crash/driver/wait.ts";
import type { Point } from "../point.ts";
import { describeSeen, quotaViolations, violationsOf } from "../rules.ts";
import { drained } from "../world/drained.ts";
import { openWorld } from "../world/world.ts";

const cli = new URL("../../../packages/cli/src/main.ts", import.meta.url).pathname;
const bulk = ["--conditions=@message-sender/source", cli, "bulk"];
const limitPerSecond = 1000;
/** How each interrupted run ends: as by Ctrl-C, and at once. */
const interruptions = ["SIGINT", "SIGKILL"] as const;

/** A file is sent by a command that is interrupted twice, and then runs to its end. */
export const interruptedBulk: Point = {
  title: "bulk, interrupted twice",
  async run(options) {
    const count = options.messages ?? (options.short ? 2000 : 5000);
    const world = await openWorld({ ...options, store: options.store ?? "sqlite", limitPerSecond });
    try {
      const server = await world.startServer();
      const file = join(options.folder, "campaign.csv");
      const lines = Array.from({ length: count }, (_, index) => `+62812${String(index).padStart(7, "0")},${index}`);
      writeFileSync(file, ["to,message", ...lines, ""].join("\n"));
      const codes: (number | string | null)[] = [];
      const acceptedAtEnd: number[] = [];
      for (const signal of [...interruptions, undefined]) {
        const child = killOnExit(
          spawn(process.execPath, [...bulk, file, "--tenant", "tenant-a", "--outlet", "outlet-0"], {
            env: { PATH: process.env["PATH"], MESSAGE_SENDER_URL: server.url },
            stdio: "ignore",
          }),
        );
        const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
        if (signal) {
          // In the middle: some batches have been accepted, and some have not.
          const before = await acceptedBy(server.url);
          while (child.exitCode === null && (await acceptedBy(server.url)) <= before) await pause(5);
          child.kill(signal);
        }
        const [code, by] = await ended;
        codes.push(code ?? by);
        acceptedAtEnd.push(await world.services.accepted());
      }
      await drained(world.services, count);
      const seen = await world.services.seen();
      return {
        seen: [
          `the runs ended with ${codes.join(", ")}; sent by then: ${acceptedAtEnd.join(", ")}`,
          ...describeSeen(seen),
        ],
        violations: [
          ...violationsOf(seen, count, limitPerSecond),
          ...(codes.at(-1) === 0 ? [] : [`the last run ended with ${codes.at(-1)}`]),
          ...(seen.repeated.length === 0 ? [] : [`${seen.repeated.length} messages were accepted more than once`]),
          ...(await quotaViolations(world.services, ["tenant-a"], count)),
        ],
      };
    } finally {
      await world.close();
    }
  },
};

/** How many messages the server has accepted. */
async function acceptedBy(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/usage?tenant_id=tenant-a`);
  const { counts } = (await answer.json()) as { readonly counts: readonly { readonly count: number }[] };
  return counts.reduce((sum, { count }) => sum + count, 0);
}
