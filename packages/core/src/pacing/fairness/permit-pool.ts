import { createHeap, type Heap, type HeapPlace } from "../../time/heap.ts";
import { type FairQueue, queuesLike, type NumberQueues, type TenantShare } from "./waiters.ts";

/**
 * Shares out the permits: nobody can take them all. A number must hold fewer permits than are free to take another, and a tenant
 * fewer than three times as many. The more are taken, the fewer each may hold, and some are always left for those who hold none
 * (Choudhury and Hahne, "Dynamic queue length thresholds", 1998). A released permit goes to the number that holds the fewest, and
 * there to the queue whose turn it is. The cost is O(log n) in the number of waiters.
 */
export interface PermitPool {
  /** Whether the shares of both have room for one more permit. */
  mayTake(tenant: TenantShare, number: NumberQueues): boolean;
  take(tenant: TenantShare, number: NumberQueues): void;
  giveBack(tenant: TenantShare, number: NumberQueues): void;
  /** Adds a queue, which then waits for its turn. */
  add(queue: FairQueue): void;
  /** Checks again whether the number has submissions that can start. */
  reconsider(number: NumberQueues): void;
  /** No submission waits for the number any more. */
  drop(number: NumberQueues): void;
  /** The queue whose first waiter starts next; undefined if none may start. The queue keeps its place. */
  next(now: number): FairQueue | undefined;
}

const tenantShare = 3;

/** What may be a candidate for the next free permit. */
interface Candidate<C> {
  candidatePlace?: HeapPlace<C> | undefined;
}

/** Calls `waitUntil` with the time at which a number's next submission may start, if it may not start now. */
export function createPermitPool(permits: number, waitUntil: (number: NumberQueues, at: number) => void): PermitPool {
  let free = permits;
  /** Numbers with queues that may start; the one that holds the fewest permits first. */
  const numbers = createHeap<NumberQueues>();
  /** Tenants with queues that only the tenant's share blocks; the one that holds the fewest permits first. */
  const tenants = createHeap<TenantShare>();

  const numberHasRoom = ({ held }: NumberQueues): boolean => held < free;
  const tenantHasRoom = ({ held }: TenantShare): boolean => held < tenantShare * free;

  function leaveCandidates<C extends Candidate<C>>(candidates: Heap<C>, one: C): void {
    if (one.candidatePlace) candidates.remove(one.candidatePlace);
    one.candidatePlace = undefined;
  }

  function hold(tenant: TenantShare, number: NumberQueues, change: 1 | -1): void {
    free -= change;
    tenant.held += change;
    number.held += change;
    if (tenant.candidatePlace) {
      tenants.remove(tenant.candidatePlace);
      tenant.candidatePlace = tenants.add(tenant, tenant.held);
    }
    if (number.candidatePlace) {
      numbers.remove(number.candidatePlace);
      number.candidatePlace = numbers.add(number, number.held);
    }
  }

  /** Adds a queue to those that wait for the same, by its turn. */
  function enter(queue: FairQueue, queues: Heap<FairQueue>): void {
    const place = queues.add(queue, queue.turn);
    queue.leave = () => queues.remove(place);
  }

  function reconsider(number: NumberQueues): void {
    if (number.firsts.ready.first ?? number.repeats.ready.first)
      number.candidatePlace ??= numbers.add(number, number.held);
  }

  function add(queue: FairQueue): void {
    enter(queue, queuesLike(queue.number, queue.kind).ready);
    reconsider(queue.number);
  }

  function block(queue: FairQueue): void {
    const { tenant } = queue;
    queue.leave();
    enter(queue, tenant.blocked);
    tenant.candidatePlace ??= tenants.add(tenant, tenant.held);
  }

  /** The queue that may start now: of first attempts or of retries, whichever has the earlier turn. */
  function queueOf(number: NumberQueues, now: number): FairQueue | undefined {
    const { firsts, repeats, gate } = number;
    let next: FairQueue | undefined;
    for (const queue of [firsts.ready.first, repeats.ready.first]) {
      if (!queue) continue;
      const queuedAllowedAt = gate.queuedAllowedAt(queue.kind, now);
      if (queuedAllowedAt > now) waitUntil(number, queuedAllowedAt);
      else if (!next || queue.turn < next.turn) next = queue;
    }
    return next;
  }

  function nextOfNumbers(now: number): FairQueue | undefined {
    for (let number = numbers.first; number && numberHasRoom(number); number = numbers.first) {
      const queue = queueOf(number, now);
      if (!queue) leaveCandidates(numbers, number);
      else if (tenantHasRoom(queue.tenant)) return queue;
      else block(queue);
    }
    return undefined;
  }

  function nextOfTenants(now: number): FairQueue | undefined {
    for (let tenant = tenants.first; tenant && tenantHasRoom(tenant); tenant = tenants.first) {
      const queue = tenant.blocked.first;
      if (!queue) leaveCandidates(tenants, tenant);
      else if (numberHasRoom(queue.number) && queue.number.gate.queuedAllowedAt(queue.kind, now) <= now) return queue;
      else {
        queue.leave();
        add(queue);
      }
    }
    return undefined;
  }

  return {
    mayTake: (tenant, number) => tenantHasRoom(tenant) && numberHasRoom(number),
    take: (tenant, number) => hold(tenant, number, 1),
    giveBack: (tenant, number) => hold(tenant, number, -1),
    add,
    reconsider,
    drop: (number) => leaveCandidates(numbers, number),
    next(now) {
      if (free === 0) return undefined;
      const one = nextOfTenants(now);
      const other = nextOfNumbers(now);
      if (!one || !other) return one ?? other;
      const ahead = one.number.held - other.number.held || one.turn - other.turn;
      return ahead <= 0 ? one : other;
    },
  };
}
