import { createHeap } from "./heap.ts";
import { type Line, linesLike, type NumberPlace, type TenantPlace } from "./places.ts";

/**
 * Divides the permits so that nobody can take them all: a tenant may hold less than three times what is free, a number less
 * than what is free. The more is taken, the less each may have, and something is always left for those who hold nothing
 * (Choudhury and Hahne, "Dynamic queue length thresholds", 1998). A permit that is given back goes to the number that holds
 * the fewest, and there to the line whose turn it is. What that costs grows with the logarithm of those who wait.
 */
export interface PermitRound {
  /** The shares of both leave room for one more. */
  mayTake(tenant: TenantPlace, number: NumberPlace): boolean;
  take(tenant: TenantPlace, number: NumberPlace): void;
  giveBack(tenant: TenantPlace, number: NumberPlace): void;
  /** Has a line wait for its turn. */
  join(line: Line): void;
  /** The number may let some go again. */
  lookAt(number: NumberPlace): void;
  /** Nobody waits for the number any more. */
  forget(number: NumberPlace): void;
  /** The line whose first one goes next; undefined where nobody may go. It keeps its place. */
  next(now: number): Line | undefined;
}

const tenantShare = 3;

/** `waitUntil` is told when a number lets the next one go, where it does not now. */
export function createPermitRound(permits: number, waitUntil: (number: NumberPlace, at: number) => void): PermitRound {
  let free = permits;
  /** Those with lines in their round, whose gate may be open; who holds the fewest permits first. */
  const numbers = createHeap<NumberPlace>();
  /** Those with lines that only the tenant's share blocked; who holds the fewest permits first. */
  const tenants = createHeap<TenantPlace>();

  const numberHasRoom = ({ held }: NumberPlace): boolean => held < free;
  const tenantHasRoom = ({ held }: TenantPlace): boolean => held < tenantShare * free;

  function leaveRound(place: NumberPlace | TenantPlace): void {
    place.leaveRound?.();
    place.leaveRound = undefined;
  }

  function hold(tenant: TenantPlace, number: NumberPlace, change: 1 | -1): void {
    free -= change;
    tenant.held += change;
    number.held += change;
    if (tenant.leaveRound) {
      leaveRound(tenant);
      tenant.leaveRound = tenants.add(tenant, tenant.held);
    }
    if (number.leaveRound) {
      leaveRound(number);
      number.leaveRound = numbers.add(number, number.held);
    }
  }

  function lookAt(number: NumberPlace): void {
    if (number.firsts.round.first ?? number.repeats.round.first) number.leaveRound ??= numbers.add(number, number.held);
  }

  function join(line: Line): void {
    line.leave = linesLike(line.number, line.kind).round.add(line, line.turn);
    lookAt(line.number);
  }

  function block(line: Line): void {
    const { tenant } = line;
    line.leave();
    line.leave = tenant.blocked.add(line, line.turn);
    tenant.leaveRound ??= tenants.add(tenant, tenant.held);
  }

  /** The line that the gate lets go now: of first attempts and repeats the one whose turn comes first. */
  function lineOf(number: NumberPlace, now: number): Line | undefined {
    const { firsts, repeats, gate } = number;
    let next: Line | undefined;
    for (const line of [firsts.round.first, repeats.round.first]) {
      if (!line) continue;
      const turnAt = gate.turnAt(line.kind, now);
      if (turnAt > now) waitUntil(number, turnAt);
      else if (!next || line.turn < next.turn) next = line;
    }
    return next;
  }

  function nextOfNumbers(now: number): Line | undefined {
    for (let number = numbers.first; number && numberHasRoom(number); number = numbers.first) {
      const line = lineOf(number, now);
      if (!line) leaveRound(number);
      else if (tenantHasRoom(line.tenant)) return line;
      else block(line);
    }
    return undefined;
  }

  function nextOfTenants(now: number): Line | undefined {
    for (let tenant = tenants.first; tenant && tenantHasRoom(tenant); tenant = tenants.first) {
      const line = tenant.blocked.first;
      if (!line) leaveRound(tenant);
      else if (numberHasRoom(line.number) && line.number.gate.turnAt(line.kind, now) <= now) return line;
      else {
        line.leave();
        join(line);
      }
    }
    return undefined;
  }

  return {
    mayTake: (tenant, number) => tenantHasRoom(tenant) && numberHasRoom(number),
    take: (tenant, number) => hold(tenant, number, 1),
    giveBack: (tenant, number) => hold(tenant, number, -1),
    join,
    lookAt,
    forget: leaveRound,
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
