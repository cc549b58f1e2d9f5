import type { NumberRates } from "../ports/number-rates.ts";
import type { Slowdown } from "../ports/pacer.ts";
import type { SteadyTime } from "../time/steady-time.ts";
import type { NumberQueues, TenantShare } from "./fairness/waiters.ts";
import type { NumberCondition } from "./number/number-gate.ts";
import { slowdownOf, strongest } from "./shared/told-slowdown.ts";

/** What the pacer holds, and how the numbers are that it knows. A number that was idle for a while is not known. */
export interface PacerLoad {
  /** Submissions in flight. */
  readonly inFlight: number;
  /** Submissions that wait for a permit. */
  readonly waiting: number;
  /** Numbers whose circuit breaker is open. */
  readonly open: number;
  /** Numbers that WhatsApp asked to pause. */
  readonly paused: number;
  /** Numbers that send at a lower rate. */
  readonly throttled: number;
}

/** How one number is, for people. */
export interface NumberState {
  readonly phoneNumberId: string;
  /** What slows it down, the strongest first. `open`: its circuit breaker is open, or a probe of it is in flight. */
  readonly condition: NumberCondition;
  /** Why, in a clause. Absent if it is normal. */
  readonly reason?: string;
  /** When a pause ends, or the next probe of an open circuit breaker may start. Absent for any other condition. */
  readonly until?: Date;
  /** How many messages it sends per second now, and at its full rate. Absent if it has no rate. */
  readonly perSecond?: number;
  readonly fullPerSecond?: number;
  /** Its submissions in flight. */
  readonly inFlight: number;
  /** Its submissions that wait for a permit. */
  readonly waiting: number;
  /** Those of them that wait for an earlier submission to the same recipient, or for the limit of that recipient. */
  readonly waitingForRecipient: number;
}

interface PacerLoadParts {
  readonly time: SteadyTime;
  readonly numbers: { values(): Iterable<NumberQueues>; peek(phoneNumberId: string): NumberQueues | undefined };
  readonly tenants: { values(): Iterable<TenantShare> };
  /** Absent if this process sends alone. */
  readonly numberRates: Pick<NumberRates, "news"> | undefined;
}

/** Says how a pacer is, by the numbers that it knows. */
export function createPacerLoad({ time, numbers, tenants, numberRates }: PacerLoadParts) {
  function stateOf({ gate, held, waiting, queues }: NumberQueues, now: number): NumberState {
    const { until, ...described } = gate.describe(now);
    let queued = 0;
    for (const { waiters } of queues.values()) queued += waiters.size;
    return {
      ...described,
      ...(until !== undefined && { until: time.toWall(until) }),
      inFlight: held,
      waiting: waiting.size,
      waitingForRecipient: Math.max(0, waiting.size - queued),
    };
  }

  function ownSlowdown(phoneNumberId: string): Slowdown | undefined {
    const now = time.now();
    const described = numbers.peek(phoneNumberId)?.gate.describe(now);
    if (!described || described.condition === "normal") return undefined;
    const { condition, reason = "", until } = described;
    return { condition, reason, ...(until !== undefined && until > now && { until: time.toWall(until) }) };
  }

  return {
    load(): PacerLoad {
      const now = time.now();
      const counts = { inFlight: 0, waiting: 0, open: 0, paused: 0, throttled: 0, normal: 0 };
      for (const { gate, held } of numbers.values()) {
        counts.inFlight += held;
        counts[gate.describe(now).condition] += 1;
      }
      for (const { waiting } of tenants.values()) counts.waiting += waiting;
      const { normal: _, ...shown } = counts;
      return shown;
    },
    async slowdowns(phoneNumberIds: readonly string[]): Promise<ReadonlyMap<string, Slowdown>> {
      const told = numberRates && (await numberRates.news(phoneNumberIds)).unwrapOr(undefined);
      const all = phoneNumberIds.map(
        (id) => [id, strongest([ownSlowdown(id), slowdownOf(told?.get(id), time)])] as const,
      );
      return new Map(all.flatMap(([id, slowdown]) => (slowdown ? [[id, slowdown] as const] : [])));
    },
    numbers(): readonly NumberState[] {
      const now = time.now();
      return Array.from(numbers.values(), (number) => stateOf(number, now));
    },
  };
}
