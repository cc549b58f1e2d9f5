import type { MessagePosition, Store } from "@message-sender/core/adapter";

import { acceptedAtOf, hugeTenant, messageAt } from "./messages.ts";

/** What sends may have to wait for. */
const mostMs = 50;
const countedAtOnce = 1000;

/** Counts the messages of a tenant and of all, piece by piece. Returns how many counts were wrong or had slow pieces. */
export async function measureUsage(name: string, { messages }: Store, count: number): Promise<number> {
  let missed = 0;
  process.stdout.write(`\n${name}, ${count} messages: usage, in pieces of ${countedAtOnce}\n`);
  for (const tenantId of [hugeTenant, undefined]) {
    const times: number[] = [];
    let counted = 0;
    let after: MessagePosition | undefined;
    do {
      const startedAt = performance.now();
      const page = await messages.count({
        since: acceptedAtOf(0, count),
        until: acceptedAtOf(count, count),
        limit: countedAtOnce,
        ...(tenantId !== undefined && { tenantId }),
        ...(after && { after }),
      });
      times.push(performance.now() - startedAt);
      const { counts, next } = page._unsafeUnwrap();
      counted += counts.reduce((sum, { count: ofKind }) => sum + ofKind, 0);
      after = next;
    } while (after);
    const totalMs = times.reduce((sum, time) => sum + time, 0);
    times.sort((one, other) => one - other);
    const [p50 = 0, p95 = 0] = [times[Math.floor(times.length / 2)], times[Math.ceil(times.length * 0.95) - 1]];
    const faults = [
      ...(counted === expected(tenantId, count) ? [] : ["WRONG"]),
      ...(p95 > mostMs ? [`MISSED: at most ${mostMs} ms`] : []),
    ];
    missed += faults.length;
    const figures = `${counted} messages in ${totalMs.toFixed(0)} ms, a piece: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
    process.stdout.write(
      `${tenantId === undefined ? "every tenant" : "huge tenant"}: ${figures} ${faults.join(" ")}\n`,
    );
  }
  return missed;
}

function expected(tenantId: string | undefined, count: number): number {
  if (tenantId === undefined) return count;
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    if (messageAt(index, count).request.outlet.tenantId === tenantId) sum += 1;
  }
  return sum;
}
