/** How long before its slot an attempt starts, since its intent is stored before its request is sent. */
export interface Lead {
  /** In milliseconds. 0 while that is done well before the slot is over. */
  readonly ms: number;
  /** Records how long an attempt took from its start to its request. */
  took(ms: number): void;
}

/** Below that, an attempt that starts at its slot is ready in time. */
const quickMs = 10;
/** An attempt that waits for its slot is left with an open intent if the process ends. */
const longestMs = 250;
const margin = 1.5;
const newest = 0.1;
/** One stall says little about the usual. */
const clippedMs = 400;

export function createLead(): Lead {
  let usualMs = 0;
  return {
    get ms() {
      return usualMs > quickMs ? Math.min(longestMs, Math.ceil(usualMs * margin)) : 0;
    },
    took(ms) {
      if (ms > 0) usualMs += (Math.min(ms, clippedMs) - usualMs) * newest;
    },
  };
}
