import { exampleTime } from "@message-sender/core/contracts";
import * as fc from "fast-check";

import { byId, few, move } from "./world.ts";

const dayMs = 86_400_000;

const block = move(
  "block",
  { number: few, way: fc.constantFrom("request", "withdraw", "open", "close") },
  async ({ both }, { number, way }) => {
    const [request, opened] = [
      { id: `request-${number}`, tenantId: `tenant-${number}`, amount: 10 + number, ttlMs: 60_000 },
      { id: `block-${number}`, tenantId: `tenant-${number}`, granted: 10, expiresAt: exampleTime },
    ];
    await both(({ quotaLedger }) => {
      if (way === "request") return quotaLedger.request(request);
      if (way === "withdraw") return quotaLedger.withdraw(request.id);
      return way === "open" ? quotaLedger.open(opened, request.id) : quotaLedger.close(opened);
    });
    await both(({ quotaLedger }) => quotaLedger.requested(), byId);
  },
);

export const unsettled = move("unsettled", {}, ({ both }) =>
  both(
    ({ quotaLedger }) => quotaLedger.unsettled(),
    (blocks) => blocks.toSorted((a, b) => (a.block.id < b.block.id ? -1 : 1)),
  ),
);

const period = fc.constantFrom("day", "month");
const limit = fc.oneof(few, fc.constantFrom(10, Number.MAX_SAFE_INTEGER));

const take = move(
  "take",
  { number: few, tenant: few, period, day: fc.nat({ max: 1 }), limit, amount: few },
  ({ both }, { number, tenant, day, amount, ...rest }) =>
    both(({ quotaCounters }) =>
      quotaCounters.take({
        ...rest,
        id: `take-${number}-${tenant}`,
        tenantId: `tenant-${tenant}`,
        startsAt: new Date(day * dayMs),
        amount: amount + 1,
      }),
    ),
);

const settle = move("settle units", { number: few, tenant: few, used: few }, ({ both }, { number, tenant, used }) =>
  both(({ quotaCounters }) => quotaCounters.settle(`take-${number}-${tenant}`, used)),
);

export const quotaMoves = [block, block, unsettled, take, take, settle];
