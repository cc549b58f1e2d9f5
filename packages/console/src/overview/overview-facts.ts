import type { KnownOutlet, MessageSender, Pause, QueueState, TenantQuota } from "@message-sender/core";
import type { BacklogMeasure, Clock } from "@message-sender/core/adapter";

import type { ServiceFacts } from "../service/service-facts.ts";
import type { ProcessReport } from "../service/service-view.ts";
import { type NumberLine, numbersOf } from "../service/numbers.ts";
import type { Visitor } from "../console-visitor.ts";
import { type Hour, hourOf } from "./hour.ts";
import type { TenantHour } from "./tenant-hour.ts";

/** What the overview shows, of what its visitor may see. */
export interface Overview {
  readonly now: Date;
  /** Why the service takes no messages; absent if it does. */
  readonly notReady?: string;
  /** The processes of the server. Empty for a visitor who does not see all tenants. */
  readonly processes: readonly ProcessReport[];
  /** Of all tenants together. */
  readonly hour?: Hour;
  /** Of the visitor's tenants, who do not see the others' sends. */
  readonly tenantHour?: TenantHour;
  readonly queue?: QueueState;
  readonly backlog?: BacklogMeasure;
  readonly outlets: readonly KnownOutlet[];
  readonly numbers: readonly NumberLine[];
  readonly pauses: readonly Pause[];
  readonly quotas: ReadonlyMap<string, TenantQuota>;
}

interface OverviewParts {
  readonly sender: MessageSender;
  readonly clock: Clock;
  readonly facts: ServiceFacts;
  /** The last hour of some tenants, whose ids are separated by spaces. */
  readonly hourOfTenants: (tenants: string) => Promise<TenantHour>;
}

const mostLines = 50;
const mostQuotas = 20;
/** What waits is counted up to here, by the queue as well. */
export const mostCounted = 10_000;

/** Reads a bounded amount, whatever waits. */
export async function readOverview(parts: OverviewParts, visitor: Visitor): Promise<Overview> {
  const { sender, clock, facts, hourOfTenants } = parts;
  const { seesAllTenants, tenants } = visitor;
  const only = tenants === "all" ? undefined : [...tenants];
  const [processes, queue, pauses, ready, backlog, tenantHour] = await Promise.all([
    facts.processes(),
    sender.queueState({ limit: mostLines, ...(only && { tenantId: only }) }),
    facts.pausesFor(visitor),
    sender.check(),
    seesAllTenants ? facts.view.backlog.measure(mostCounted) : undefined,
    only && hourOfTenants(only.join(" ")),
  ]);
  const outlets = await facts.outletsFor(visitor);
  const lines = queue.map(({ outlets: waiting }) => waiting).unwrapOr([]);
  const wanted = [...new Set([...lines, ...outlets].map(({ tenantId }) => tenantId))].slice(0, mostQuotas);
  const hour = seesAllTenants ? hourOf(processes.map((report) => report.hour)) : undefined;
  return {
    now: clock.now(),
    ...(ready.isErr() && { notReady: ready.error.reason }),
    processes: seesAllTenants ? processes : [],
    ...(hour && { hour }),
    ...(tenantHour && { tenantHour }),
    ...(queue.isOk() && { queue: queue.value }),
    ...(backlog?.isOk() && { backlog: backlog.value }),
    outlets,
    numbers: facts.numbersFor(visitor, numbersOf(processes, outlets, pauses)),
    pauses,
    quotas: await facts.quotasOf(wanted),
  };
}
