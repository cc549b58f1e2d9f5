const everyMs = 5;

/** Measures how late this process handles what happens: by that much, requests may seem to arrive together. */
export function measureLateness(): { readonly mostMs: number; clear(): void } {
  let mostMs = 0;
  let expectedAt = performance.now() + everyMs;
  setInterval(() => {
    const now = performance.now();
    mostMs = Math.max(mostMs, now - expectedAt);
    expectedAt = now + everyMs;
  }, everyMs).unref();
  return {
    get mostMs() {
      return Math.round(mostMs);
    },
    clear() {
      mostMs = 0;
    },
  };
}
