/** Requests that a fault delays or leaves hanging. All of them are released when the sandbox resets or closes. */
export interface HeldRequests {
  /** Calls `release` on `releaseAll`. The returned function forgets it. */
  hold(release: () => void): () => void;
  /** Resolves after `ms`, or at once on `releaseAll`. */
  delay(ms: number): Promise<"elapsed" | "released">;
  releaseAll(): void;
}

export function createHeldRequests(): HeldRequests {
  const held = new Set<() => void>();

  function hold(release: () => void): () => void {
    held.add(release);
    return () => held.delete(release);
  }

  return {
    hold,
    delay: (ms) =>
      new Promise((resolve) => {
        const forget = hold(() => {
          clearTimeout(timer);
          resolve("released");
        });
        const timer = setTimeout(() => {
          forget();
          resolve("elapsed");
        }, ms);
      }),
    releaseAll() {
      const releases = [...held];
      held.clear();
      for (const release of releases) release();
    },
  };
}
