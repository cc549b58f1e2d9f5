import type { KnownOutlet, MessageSender, OutletRef, Pause, TenantQuota } from "@message-sender/core";

import type { NumberFacts } from "@message-sender/http-adapter/inbound";
import { largestPage } from "@message-sender/core/adapter";

import type { Visitor } from "../console-visitor.ts";
import { type NumberLine, outletsOf } from "./numbers.ts";
import type { NumberUnknown, ProcessReport, ServiceView } from "./service-view.ts";
import { createSharedReadings } from "./shared-reading.ts";

/** What the pages say about the service, read seldom however many pages are open, and only while one is. */
export interface ServiceFacts {
  readonly view: ServiceView;
  processes(): Promise<readonly ProcessReport[]>;
  /** The outlets that the server has used, or has had messages of lately, of what the visitor may see. */
  outletsFor(visitor: Visitor): Promise<readonly KnownOutlet[]>;
  /** The recipients of the latest messages that the visitor may see, the latest first, as often as they occur. */
  recipientsFor(visitor: Visitor): Promise<readonly string[]>;
  /** The numbers of the outlets that the visitor may see. What others do with a number is left out. */
  numbersFor(visitor: Visitor, numbers: readonly NumberLine[]): readonly NumberLine[];
  pausesFor(visitor: Visitor): Promise<readonly Pause[]>;
  /** Of those tenants whose quota says how it stands. */
  quotasOf(tenantIds: readonly string[]): Promise<ReadonlyMap<string, TenantQuota>>;
  numberOf(outlet: OutletRef): Promise<NumberFacts | NumberUnknown>;
}

const processesFreshMs = 1000;
const quotaFreshMs = 15_000;
const numberFreshMs = 600_000;
const recentFreshMs = 5000;

export function createServiceFacts(sender: MessageSender, view: ServiceView): ServiceFacts {
  const processes = createSharedReadings({ freshMs: processesFreshMs, read: () => view.processes() });
  const quotas = createSharedReadings({
    freshMs: quotaFreshMs,
    read: async (tenantId) => (await sender.quotaOf(tenantId)).unwrapOr(undefined),
  });
  const numbers = createSharedReadings({
    freshMs: numberFreshMs,
    read: async (key): Promise<NumberFacts | NumberUnknown> => {
      const [tenantId = "", outletId = ""] = key.split(" ");
      return (await view.numberOf({ tenantId, outletId })).match<NumberFacts | NumberUnknown>(
        (facts) => facts,
        (unknown) => unknown,
      );
    },
  });
  /** The latest messages, for their recipients, and for their outlets: a process that has just started has used none yet. */
  const recent = createSharedReadings({
    freshMs: recentFreshMs,
    read: async (tenantIds) => {
      const only = tenantIds === "" ? undefined : tenantIds.split(" ");
      const page = await sender.list({ limit: largestPage, ...(only && { tenantId: only }) });
      return page.match(
        ({ messages }) => messages.map(({ request }) => request),
        () => [],
      );
    },
  });

  const recentOf = (tenants: Visitor["tenants"]) => recent.of(tenants === "all" ? "" : [...tenants].join(" "));

  return {
    view,
    processes: () => processes.of(""),
    async outletsFor(visitor) {
      const { tenants, sees } = visitor;
      const [reports, listed] = await Promise.all([processes.of(""), recentOf(tenants)]);
      return outletsOf(reports, [...view.outlets(), ...listed.map(({ outlet }) => outlet)]).filter(({ tenantId }) =>
        sees(tenantId),
      );
    },
    recipientsFor: async ({ tenants }) => (await recentOf(tenants)).map(({ to }) => to),
    numbersFor({ seesAllTenants }, all) {
      if (seesAllTenants) return all;
      const own = all.filter(({ outlets }) => outlets.length > 0);
      return own.map((number) => ({ ...number, inFlight: 0, waiting: 0, waitingForRecipient: 0 }));
    },
    async pausesFor({ tenants }) {
      const listed = await sender.pauses(tenants === "all" ? {} : { tenantIds: [...tenants] });
      return listed.unwrapOr([]);
    },
    async quotasOf(tenantIds) {
      const read = await Promise.all(tenantIds.map(async (id) => [id, await quotas.of(id)] as const));
      return new Map(read.flatMap(([id, quota]) => (quota ? [[id, quota] as const] : [])));
    },
    numberOf: ({ tenantId, outletId }) => numbers.of(`${tenantId} ${outletId}`),
  };
}
