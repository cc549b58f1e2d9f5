import { setBounded } from "../../collections/bounded-map.ts";
import type { Memory } from "../../collections/memory.ts";

/**
 * WhatsApp's limit for a number and a person: one message every six seconds. A burst of up to 45 messages within six
 * seconds is allowed; after it, none is until six seconds for each of them have passed (Meta, "Pair rate limits").
 */
export interface PairDebts {
  exhausted(pair: string, now: number): boolean;
  /** The messages of the present burst, or those that are still paid back, and when that is done. undefined: none. */
  owed(pair: string, now: number): { readonly messages: number; readonly paidAt: number } | undefined;
  add(pair: string, now: number): void;
}

interface Debt {
  readonly since: number;
  readonly messages: number;
}

const perMessageMs = 6_000;
export const burst = 45;
const keptPairs = 100_000;

export function createPairDebts(memory: Memory): PairDebts {
  const debts = memory.map<Debt>("pairDebts");

  return {
    exhausted(pair, now) {
      const debt = debts.get(pair);
      if (!debt) return false;
      return inBurst(debt, now) ? debt.messages >= burst : now < debt.since + debt.messages * perMessageMs;
    },
    owed(pair, now) {
      const debt = debts.get(pair);
      const paidAt = debt && debt.since + debt.messages * perMessageMs;
      return debt && paidAt !== undefined && now < paidAt ? { messages: debt.messages, paidAt } : undefined;
    },
    add(pair, now) {
      const debt = debts.get(pair);
      const next = debt && inBurst(debt, now) ? { ...debt, messages: debt.messages + 1 } : { since: now, messages: 1 };
      debts.delete(pair);
      setBounded(debts, pair, next, keptPairs);
    },
  };
}

function inBurst({ since }: Debt, now: number): boolean {
  return now < since + perMessageMs;
}
