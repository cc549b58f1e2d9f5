import { getHeapStatistics, setFlagsFromString } from "node:v8";

/**
 * Lets the heap grow to one and a half times what is alive before V8 collects. By itself V8 lets it grow to several times as much: the
 * memory of a busy process would be garbage for the most part.
 */
export function limitHeapGrowth(): void {
  setGrowthPercent(50);
}

/** Does so for a heap whose size changes. V8 reads the limit when it has collected: call this after each collection. */
export function adaptHeapGrowth(): void {
  setGrowthPercent(growthPercentOf(getHeapStatistics().used_heap_size));
}

/**
 * By a share alone, the small heap of a server on a database would be collected so often that it costs a send 5 % of its CPU, and a large
 * heap would hold much garbage.
 */
export function growthPercentOf(usedBytes: number): number {
  return Math.max(30, Math.round((leastGrowthBytes / usedBytes) * 100));
}

const leastGrowthBytes = 40 * 1024 * 1024;

function setGrowthPercent(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
