import type { Unavailable } from "@message-sender/core";
import type { ResultAsync } from "neverthrow";

/** How long a reading serves, and how long a scrape waits for a new one, in milliseconds. */
interface Limits {
  readonly freshMs: number;
  readonly patienceMs: number;
}

/**
 * Shares readings between the gauges of a scrape, and between scrapes that follow each other quickly. Undefined if a reading
 * fails or takes too long. There is never more than one at a time.
 */
export function createFreshReading<T>(
  read: () => ResultAsync<T, Unavailable>,
  { freshMs, patienceMs }: Limits,
): () => Promise<T | undefined> {
  let reading: Promise<T | undefined> | undefined;
  let latest: { readonly value: T; readonly at: number } | undefined;

  async function readOnce(): Promise<T | undefined> {
    try {
      const value = (await read()).unwrapOr(undefined);
      if (value !== undefined) latest = { value, at: performance.now() };
      return value;
    } catch {
      return undefined;
    } finally {
      reading = undefined;
    }
  }

  return () => {
    if (latest && performance.now() - latest.at < freshMs) return Promise.resolve(latest.value);
    reading ??= readOnce();
    return within(patienceMs, reading);
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
