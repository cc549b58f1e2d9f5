import { okAsync } from "neverthrow";

import type { QuotaLedger } from "../../src/ports/store/quota-ledger.ts";
import type { Sabotage } from "../../src/contracts/sabotage.ts";
import type { StoreSubject } from "../../src/contracts/store/subject.ts";
import { breaking } from "../in-memory-store.ts";

const broken = (change: (ledger: QuotaLedger, subject: StoreSubject) => Partial<QuotaLedger>) =>
  breaking("quotaLedger", change);

export const quotaRequestSabotages: Record<string, Sabotage<StoreSubject> | readonly Sabotage<StoreSubject>[]> = {
  "Records the request for a block before it is sent": [
    broken((ledger) => ({
      request: (asked) => ledger.request({ ...asked, amount: Math.min(asked.amount, 2 ** 31 - 1) }),
    })),
    broken((ledger) => ({ request: (asked) => ledger.request({ ...asked, ttlMs: 60_000 }) })),
  ],
  "neither answered with a block nor withdrawn": broken((ledger, { clock }) => {
    const askedAt = new Map<string, number>();
    return {
      request(asked) {
        askedAt.set(asked.id, clock.now().getTime());
        return ledger.request(asked);
      },
      requested: () =>
        ledger
          .requested()
          .map((requests) =>
            requests.filter(({ id, ttlMs }) => (askedAt.get(id) ?? 0) + ttlMs > clock.now().getTime()),
          ),
    };
  }),
  "in place of its request": broken((ledger) => ({ open: (block) => ledger.open(block, "") })),
  "Forgets a request that was granted nothing": broken((ledger) => {
    let asked = 0;
    return {
      request(request) {
        asked += 1;
        return ledger.request(request);
      },
      withdraw: (requestId) => (asked > 1 ? ledger.withdraw(requestId) : okAsync(undefined)),
    };
  }),
  "Withdrawing it again changes nothing": broken((ledger) => {
    const known = new Set<string>();
    return {
      withdraw(requestId) {
        if (!known.has(requestId)) {
          known.add(requestId);
          return ledger.withdraw(requestId);
        }
        return ledger.requested().andThen(([next]) => (next ? ledger.withdraw(next.id) : okAsync(undefined)));
      },
    };
  }),
};
