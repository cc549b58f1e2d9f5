import { setTimeout as sleep } from "node:timers/promises";

import type { ProcessLease, SteadyTime } from "@message-sender/core/adapter";

import type { Database } from "../database/database.ts";

/**
 * Shows other processes that this one is alive, and keeps its lease. After 45 seconds of silence, a process may be presumed dead; its lines
 * are free once its lease is over.
 */
export interface Heartbeat {
  readonly lease: ProcessLease;
  /** Notes that this process claims lines: it gets a share of them. */
  claims(): void;
  /** Ends the lease by the process's own count. The next regular heartbeat frees its lines and begins a new one. */
  giveUp(): void;
  /** How often this process has begun a lease, after it had none or had lost it. */
  leases(): number;
  /** Sends a heartbeat now. Rejects if it was not answered. */
  beat(): Promise<void>;
  /** Stops the heartbeat and records the end of this process, so that the others need not wait for its lease or for 45 seconds. */
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly leaseMs: number;
  readonly monotonicMs?: () => number;
}

const renewLease = { name: "heartbeat", text: "SELECT renew_lease($1, $2, $3, $4, $5) AS surplus" };
const goodbye = { name: "goodbye", text: "SELECT end_process($1)" };

export async function startHeartbeat(
  database: Database,
  owner: string,
  time: SteadyTime,
  { leaseMs, monotonicMs = () => performance.now() }: HeartbeatOptions,
): Promise<Heartbeat> {
  // At the default of 4 seconds: a heartbeat every second, and a lease of 3 seconds by the own count.
  const everyMs = leaseMs / 4;
  const afterFailureMs = leaseMs / 16;
  const ownLeaseMs = 0.75 * leaseMs;
  const worksForMs = leaseMs / 2;
  const stopping = new AbortController();
  let validUntil = -Infinity;
  let claimedAt = -Infinity;
  let surplus = 0;
  let leases = 0;

  async function renew(hasLapsed: boolean): Promise<void> {
    const sentAt = monotonicMs();
    const works = sentAt - claimedAt < worksForMs;
    const lasts = `${leaseMs} milliseconds`;
    const values = [owner, lasts, works, hasLapsed, new Date(time.now())];
    const { rows } = await database.run<{ surplus: number }>(renewLease, values);
    // The lease may have run out while the answer was on its way. Then the lines were forgotten here, and are still held there.
    if (!hasLapsed && monotonicMs() >= validUntil) return renew(true);
    if (hasLapsed) leases += 1;
    validUntil = sentAt + ownLeaseMs;
    surplus = rows[0]?.surplus ?? 0;
  }

  const beat = (): Promise<void> => renew(monotonicMs() >= validUntil);

  async function keepBeating(): Promise<void> {
    for (let waitMs = everyMs; ;) {
      await sleep(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted) return;
      waitMs = await beat().then(
        () => everyMs,
        () => afterFailureMs,
      );
    }
  }

  await beat();
  const beating = keepBeating();

  return {
    lease: {
      validForMs: () => Math.max(0, validUntil - monotonicMs()),
      surplus: () => surplus,
    },
    claims: () => void (claimedAt = monotonicMs()),
    giveUp: () => void (validUntil = -Infinity),
    leases: () => leases,
    beat,
    async stop() {
      stopping.abort();
      await beating;
      validUntil = -Infinity;
      await database.run(goodbye, [owner]).catch(() => {});
    },
  };
}
