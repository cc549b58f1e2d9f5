/** Items in turn: tenant after tenant, and of one tenant item after item. Each operation takes constant time. */
export interface Turns<T> {
  /** Adds an item at the end of its tenant's turns. One that is in already keeps its place. */
  add(tenantId: string, item: T): void;
  remove(tenantId: string, item: T): void;
  /** Takes out the item whose turn it is, of the first tenant that may have one. The tenant's next turn is after the others'. */
  take(mayTake: (tenantId: string) => boolean): T | undefined;
  clear(): void;
  readonly isEmpty: boolean;
}

export function createTurns<T>(): Turns<T> {
  const tenants = new Map<string, Set<T>>();

  function remove(tenantId: string, item: T): void {
    const items = tenants.get(tenantId);
    if (items?.delete(item) && items.size === 0) tenants.delete(tenantId);
  }

  return {
    get isEmpty() {
      return tenants.size === 0;
    },
    add(tenantId, item) {
      const items = tenants.get(tenantId);
      if (items) items.add(item);
      else tenants.set(tenantId, new Set([item]));
    },
    remove,
    take(mayTake) {
      for (const [tenantId, items] of tenants) {
        if (!mayTake(tenantId)) continue;
        const [item] = items;
        tenants.delete(tenantId);
        if (item === undefined) continue;
        items.delete(item);
        if (items.size > 0) tenants.set(tenantId, items);
        return item;
      }
      return undefined;
    },
    clear: () => tenants.clear(),
  };
}
