/** What every runtime has; the core's own types know none. */
const timers = globalThis as unknown as {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
};

/** Rejects where a case does not end in real time, with what most often keeps one from ending. */
export function endedWithin(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: unknown;
  const limit = new Promise<never>((_, reject) => {
    timer = timers.setTimeout(() => {
      reject(
        new Error(
          `the case did not end within ${limitMs} ms: the adapter never answered, or it waits for a manual clock that nothing advances`,
        ),
      );
    }, limitMs);
  });
  return Promise.race([work, limit]).finally(() => timers.clearTimeout(timer));
}
