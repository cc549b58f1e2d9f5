import { setTimeout as sleep } from "node:timers/promises";

import type { ProcessLease, SteadyTime } from "@message-sender/core/adapter";

import type { Database } from "../database/database.ts";
import { endKnownDead, type Neighbour } from "./identity/known-dead.ts";
import { ownIdentity } from "./identity/process-identity.ts";

/**
 * Shows other processes that this one is alive, and keeps its lease. After 45 seconds of silence, a process may be presumed dead; its lines
 * are free once its lease is over. Each heartbeat also looks at the other processes of the same machine: the end of one that is known to have
 * ended is recorded at once.
 */
export interface Heartbeat {
  readonly lease: ProcessLease;
  /** Notes that this process claims lines: it gets a share of them. */
  claims(): void;
  /** Ends the lease by the process's own count. The next regular heartbeat frees its lines and begins a new one. */
  giveUp(): void;
  /** How often this process has begun a lease, after it had none or had lost it. */
  leases(): number;
  /** Sends a heartbeat now, and looks at the others. Rejects if it was not answered. */
  beat(): Promise<void>;
  /** Stops the heartbeat and records the end of this process, so that the others need not wait for its lease or for 45 seconds. */
  stop(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly leaseMs: number;
  readonly monotonicMs?: () => number;
}

interface Answer {
  readonly surplus: number;
  readonly neighbours: readonly Neighbour[];
}

const renewLease = {
  name: "heartbeat",
  text: `SELECT renew_lease($1, $2, $3, $4, $5, $6, $7, $8) AS surplus, (
      SELECT coalesce(json_agg(json_build_object('id', p.id, 'pid', p.pid, 'startedTicks', p.started_ticks)), '[]')
      FROM processes p WHERE p.machine = $6 AND p.id <> $1
    ) AS neighbours`,
};

const endProcess = { name: "end process", text: "SELECT end_process($1)" };

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
  const identity = ownIdentity();
  let validUntil = -Infinity;
  let claimedAt = -Infinity;
  let surplus = 0;
  let leases = 0;

  async function renew(hasLapsed = monotonicMs() >= validUntil): Promise<readonly Neighbour[]> {
    const sentAt = monotonicMs();
    const works = sentAt - claimedAt < worksForMs;
    const lasts = `${leaseMs} milliseconds`;
    const names = [identity?.machine, identity?.pid, identity?.startedTicks];
    const values = [owner, lasts, works, hasLapsed, new Date(time.now()), ...names];
    const { rows } = await database.run<Answer>(renewLease, values);
    // The lease may have run out while the answer was on its way. Then the lines were forgotten here, and are still held there.
    if (!hasLapsed && monotonicMs() >= validUntil) return renew(true);
    if (hasLapsed) leases += 1;
    validUntil = sentAt + ownLeaseMs;
    surplus = rows[0]?.surplus ?? 0;
    return rows[0]?.neighbours ?? [];
  }

  const beat = async (): Promise<void> => endKnownDead(database, await renew());

  /** A heartbeat does not wait for what a dead process left locked. */
  async function keepBeating(): Promise<void> {
    let ending: Promise<void> | undefined;
    for (let waitMs = everyMs; ;) {
      await sleep(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted) return ending;
      const neighbours = await renew().catch(() => undefined);
      waitMs = neighbours ? everyMs : afterFailureMs;
      ending ??= endKnownDead(database, neighbours ?? []).finally(() => (ending = undefined));
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
      await database.run(endProcess, [owner]).catch(() => {});
    },
  };
}
