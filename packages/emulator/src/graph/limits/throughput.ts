import type { Memory } from "../../collections/memory.ts";

/** How many messages each number sent and received within the last second. */
export interface Throughput {
  count(phoneNumberId: string, now: number): number;
  add(phoneNumberId: string, now: number): void;
}

const windowMs = 1_000;

export function createThroughput(memory: Memory): Throughput {
  const numbers = memory.map<number[]>("throughput");

  function recent(phoneNumberId: string, now: number): number[] {
    const times = numbers.get(phoneNumberId) ?? [];
    const first = times.findIndex((at) => at > now - windowMs);
    times.splice(0, first === -1 ? times.length : first);
    numbers.set(phoneNumberId, times);
    return times;
  }

  return {
    count: (phoneNumberId, now) => recent(phoneNumberId, now).length,
    add(phoneNumberId, now) {
      recent(phoneNumberId, now).push(now);
    },
  };
}
