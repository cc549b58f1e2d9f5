import { err, errAsync, okAsync, type Result, ResultAsync } from "neverthrow";

import type { Clock } from "../../ports/clock.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { StoreHealth } from "../../ports/store/store-health.ts";

const goodForMs = 500;
const patienceMs = 3000;

const silent: Unavailable = { kind: "Unavailable", reason: "the store has not taken a commit within three seconds" };

/**
 * Checks whether the store takes commits. Calls during a check, or up to 500 ms after one that succeeded, share its result. Waits
 * three seconds at most for a commit that hangs, and starts no second one meanwhile.
 */
export function createReadiness({
  health,
  clock,
}: {
  health: StoreHealth;
  clock: Clock;
}): () => ResultAsync<void, Unavailable> {
  let underWay: Promise<Result<void, Unavailable>> | undefined;
  let isOverdue = false;
  let goodUntilMs = -Infinity;

  async function check(): Promise<Result<void, Unavailable>> {
    try {
      const taken = await health.check();
      if (taken.isOk()) goodUntilMs = clock.monotonicMs() + goodForMs;
      return taken;
    } catch (error) {
      return err({ kind: "Unavailable", reason: String(error) });
    } finally {
      underWay = undefined;
      isOverdue = false;
    }
  }

  async function inTime(checking: Promise<Result<void, Unavailable>>): Promise<Result<void, Unavailable>> {
    let answer: Result<void, Unavailable> = err(silent);
    const answered = checking.then((result) => (answer = result));
    await clock.sleep(patienceMs, answered);
    if (underWay === checking) isOverdue = true;
    return answer;
  }

  return () => {
    if (clock.monotonicMs() < goodUntilMs) return okAsync(undefined);
    if (isOverdue) return errAsync(silent);
    underWay ??= check();
    return new ResultAsync(inTime(underWay));
  };
}
