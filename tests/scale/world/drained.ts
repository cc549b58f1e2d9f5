import { pause } from "../../crash/driver/wait.ts";
import type { Services } from "./services.ts";

const stalledMs = 90_000;
const reportEveryMs = 10_000;

/** Resolves once so many messages were accepted by WhatsApp. Throws if none is for long. */
export async function drained(services: Services, count: number): Promise<void> {
  let accepted = 0;
  let movedAt = performance.now();
  let reportedAt = performance.now();
  while (accepted < count) {
    await pause(100);
    const now = await services.accepted();
    if (now > accepted) movedAt = performance.now();
    accepted = now;
    if (performance.now() - movedAt > stalledMs) throw new Error(`stalled at ${accepted} of ${count}`);
    if (performance.now() - reportedAt < reportEveryMs) continue;
    reportedAt = performance.now();
    process.stdout.write(`  ${accepted} of ${count}\n`);
  }
}
