import { okAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import type { CounterRequest, QuotaCounters } from "../../ports/store/quota-counters.ts";

/** Quota counters that a test can read. */
export interface InMemoryQuotaCounters extends QuotaCounters {
  /** How many units of its current periods a tenant has taken and not returned. */
  used(tenantId: Identifier): number;
}

interface Counter {
  readonly tenantId: Identifier;
  startsAt: Date;
  used: number;
}

/** Quota counters in memory. */
export function createInMemoryQuotaCounters(): InMemoryQuotaCounters {
  const counters = new Map<string, Counter>();
  const requests = new Map<string, { readonly counter: Counter; readonly granted: number; used: number }>();

  function counterOf({ tenantId, period, startsAt }: CounterRequest): Counter {
    const name = `${tenantId} ${period}`;
    const current = counters.get(name);
    if (current && current.startsAt >= startsAt) return current;
    const counter = { tenantId, startsAt, used: 0 };
    counters.set(name, counter);
    return counter;
  }

  return {
    take(request) {
      const known = requests.get(request.id);
      if (known) return okAsync({ granted: known.granted, startsAt: known.counter.startsAt });
      const counter = counterOf(request);
      const granted = Math.max(0, Math.min(request.amount, request.limit - counter.used));
      counter.used += granted;
      if (granted > 0) requests.set(request.id, { counter, granted, used: granted });
      return okAsync({ granted, startsAt: counter.startsAt });
    },
    settle(requestId, used) {
      const request = requests.get(requestId);
      if (request) {
        request.counter.used += used - request.used;
        request.used = used;
      }
      return okAsync(undefined);
    },
    read(tenantId, period) {
      const counter = counters.get(`${tenantId} ${period}`);
      return okAsync(counter && { used: counter.used, startsAt: counter.startsAt });
    },
    used: (tenantId) =>
      [...counters.values()].reduce((sum, counter) => sum + (counter.tenantId === tenantId ? counter.used : 0), 0),
  };
}
