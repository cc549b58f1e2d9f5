import type { Outbox, OutboxSettlement } from "../../ports/store/outbox.ts";

/** Settles an entry. Returns whether that worked. */
type Settle = (id: string, as: OutboxSettlement, why?: string) => Promise<boolean>;

type SettledAs = readonly [as: OutboxSettlement, why: string | undefined];

/** Settles one by one what is delivered one by one: entries that end alike while the store is busy are settled in one call. */
export function createSettleTogether(outbox: Outbox, onFault: (reason: string) => void): Settle {
  const gathering = new Map<string, { readonly ids: string[]; readonly done: Promise<boolean> }>();
  let latest: Promise<unknown> = Promise.resolve();

  async function settleAfter(earlier: Promise<unknown>, key: string, ids: readonly string[], how: SettledAs) {
    await earlier;
    gathering.delete(key);
    const settled = await outbox.settle(ids, ...how);
    if (settled.isErr()) onFault(settled.error.reason);
    return settled.isOk();
  }

  return (id, as, why) => {
    const key = JSON.stringify([as, why]);
    const known = gathering.get(key);
    if (known) {
      known.ids.push(id);
      return known.done;
    }
    const ids = [id];
    const done = settleAfter(latest, key, ids, [as, why]);
    gathering.set(key, { ids, done });
    latest = done.catch(() => false);
    return done;
  };
}
