/** What waits on purpose, a delay or a hanging connection, and lets go when the sandbox resets or closes. */
export interface Waiting {
  /** Calls `release` when all are released, unless the returned function was called before. */
  hold(release: () => void): () => void;
  /** Resolves after `ms`, or at once when all are released. */
  delay(ms: number): Promise<"elapsed" | "released">;
  releaseAll(): void;
}

export function createWaiting(): Waiting {
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
