/** Work that runs once at a time. Woken while it runs, it runs again afterwards. */
export interface SingleFlight {
  wake(): void;
  /** Resolves once it no longer runs; undefined if it does not run. */
  readonly running: Promise<void> | undefined;
}

/** `detached`: runs work apart from whatever woke it. */
export function createSingleFlight(
  work: () => Promise<void>,
  detached: (work: () => Promise<void>) => Promise<void>,
): SingleFlight {
  let running: Promise<void> | undefined;
  let isWoken = false;

  async function run(): Promise<void> {
    // What wakes it now is part of this run.
    await Promise.resolve();
    while (isWoken) {
      isWoken = false;
      await work();
    }
    running = undefined;
  }

  return {
    get running() {
      return running;
    },
    wake() {
      isWoken = true;
      running ??= detached(run);
    },
  };
}
