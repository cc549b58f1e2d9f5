import { setTimeout } from "node:timers/promises";

/** Longer than any wait that succeeds, however busy the machine is. */
const patienceMs = 60_000;

/** Fails with what was expected and what there is, unless `isRight`. */
export function expected(what: string, isRight: boolean, found: unknown): void {
  if (!isRight)
    throw new Error(`Expected: ${what}\nFound: ${typeof found === "string" ? found : JSON.stringify(found)}`);
}

/** Looks again until what is found is right, and gives that. */
export async function eventually<T>(
  what: string,
  find: () => T | Promise<T>,
  isRight: (found: T) => boolean,
): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const found = await find();
    if (isRight(found)) return found;
    if (performance.now() > until) expected(`within a minute, ${what}`, false, found);
    await setTimeout(50);
  }
}
