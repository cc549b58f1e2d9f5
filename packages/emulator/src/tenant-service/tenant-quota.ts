import { setBounded } from "../collections/bounded-map.ts";

/** A tenant's quota at the start. */
export interface QuotaSeed {
  readonly limit: number;
  /** Default: the next midnight in UTC. */
  readonly resetsAt?: Date;
}

/** A tenant's quota now, in messages. */
export interface QuotaState {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
}

interface Reservation {
  readonly id: string;
  readonly granted: number;
  readonly expiresAt: Date;
}

/** A tenant's quota. A reservation counts in full until it is settled, even after it has expired. */
export interface TenantQuota {
  state(): QuotaState;
  resetsAt(): Date;
  setLimit(limit: number): void;
  setUsed(used: number): void;
  reserve(id: string, amount: number, ttlMs: number): Reservation;
  /** May be repeated; the last number counts, even beyond what was granted. false: there is no such reservation. */
  settle(id: string, used: number): boolean;
  save(): SavedQuota;
  restore(saved: SavedQuota): void;
}

export interface SavedQuota {
  readonly limit: number;
  readonly used: number;
  /** How much each reservation was charged, by its id. */
  readonly reservations: readonly (readonly [id: string, charged: number])[];
}

const dayMs = 86_400_000;
const keptReservations = 100_000;

export function createTenantQuota(seed: QuotaSeed): TenantQuota {
  const reservations = new Map<string, { charged: number }>();
  let { limit } = seed;
  let used = 0;
  const remaining = () => Math.max(0, limit - used);

  return {
    state: () => ({ limit, used, remaining: remaining() }),
    resetsAt: () => seed.resetsAt ?? new Date(Math.floor(Date.now() / dayMs + 1) * dayMs),
    setLimit(next) {
      limit = next;
    },
    setUsed(next) {
      used = next;
    },
    reserve(id, amount, ttlMs) {
      const granted = Math.min(amount, remaining());
      used += granted;
      setBounded(reservations, id, { charged: granted }, keptReservations);
      return { id, granted, expiresAt: new Date(Date.now() + ttlMs) };
    },
    settle(id, amount) {
      const reservation = reservations.get(id);
      if (!reservation) return false;
      used = Math.max(0, used + amount - reservation.charged);
      reservation.charged = amount;
      return true;
    },
    save: () => ({ limit, used, reservations: [...reservations].map(([id, { charged }]) => [id, charged] as const) }),
    restore(saved) {
      ({ limit, used } = saved);
      for (const [id, charged] of saved.reservations) reservations.set(id, { charged });
    },
  };
}
