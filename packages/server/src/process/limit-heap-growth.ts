import { setFlagsFromString } from "node:v8";

/**
 * Lets the heap grow to one and a half times what is alive before V8 collects. By itself V8 lets it grow to several times as much: the
 * memory of a busy process would be garbage for the most part.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString("--heap-growing-percent=50");
}
