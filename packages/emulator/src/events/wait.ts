import type { Events, SandboxEvent } from "./events.ts";

interface Wait<T> {
  readonly events: Events;
  /** Asked at once, and after each event that may have changed the answer. undefined: not yet. */
  readonly find: () => T | undefined;
  readonly changedBy: (event: SandboxEvent) => boolean;
  readonly timeoutMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined;
}

/** Waits without polling until `find` finds something. undefined: it did not within the time. */
export function waitFor<T>({ events, find, changedBy, timeoutMs, signal }: Wait<T>): Promise<T | undefined> {
  const already = find();
  if (already !== undefined || timeoutMs <= 0 || signal?.aborted) return Promise.resolve(already);
  return new Promise((resolve) => {
    const end = (found: T | undefined) => {
      clearTimeout(timer);
      stop();
      signal?.removeEventListener("abort", giveUp);
      resolve(found);
    };
    const giveUp = () => end(undefined);
    const timer = setTimeout(giveUp, timeoutMs);
    const stop = events.listen((event) => {
      if (!changedBy(event)) return;
      const found = find();
      if (found !== undefined) end(found);
    });
    signal?.addEventListener("abort", giveUp);
  });
}
