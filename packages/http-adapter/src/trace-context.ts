import { AsyncLocalStorage } from "node:async_hooks";

const storage = new AsyncLocalStorage<string | undefined>();

/** Runs `fn` so that the calls made on its behalf carry this W3C `traceparent`. */
export function runWithTraceparent<T>(traceparent: string | undefined, fn: () => T): T {
  return storage.run(traceparent, fn);
}

/** The `traceparent` of the work at hand, if it came with one. */
export function currentTraceparent(): string | undefined {
  return storage.getStore();
}
