import { getHeapStatistics, setFlagsFromString } from "node:v8";

const leastGrowthBytes = 40 * 1024 * 1024;
const leastGrowthPercent = 30;

/**
 * Lets the heap grow to one and a half times what is alive before V8 collects. By itself V8 lets it grow to several times as much: the
 * memory of a busy process would be garbage for the most part.
 */
export function limitHeapGrowth(): void {
  setGrowthPercent(50);
}

/**
 * Lets the heap grow by up to 40 MB, or by 30 % if that is more, before V8 collects. V8 reads the percentage at the end of each full
 * collection. Call this after every collection: the next full one finds what fits the size of the heap.
 */
export function adaptHeapGrowth(): void {
  setGrowthPercent(growthPercentOf(getHeapStatistics().used_heap_size));
}

/**
 * With 50 % for every size, the small heap of a server on a database would be collected so often that this costs a send 5 % of its CPU, and
 * a large heap would hold more garbage.
 *
 * @internal
 */
export function growthPercentOf(usedBytes: number): number {
  return Math.max(leastGrowthPercent, Math.round((leastGrowthBytes / usedBytes) * 100));
}

function setGrowthPercent(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
