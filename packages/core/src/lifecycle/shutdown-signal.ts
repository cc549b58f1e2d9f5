import type { Clock } from "../ports/clock.ts";
import type { Unavailable } from "../ports/result.ts";

/** Knows whether the sender is being shut down, and ends its waits when it is. */
export interface Drain {
  readonly closing: boolean;
  /** True after `ms`, or as soon as `woken` settles; false, at once, when the sender is shut down first. */
  sleep(ms: number, woken?: Promise<unknown>): Promise<boolean>;
  /** What `work` gives, or undefined where the sender is shut down before `work` says that it has begun. */
  unlessClosed<T>(work: (begun: () => void) => PromiseLike<T>): Promise<T | undefined>;
  /** What `work` gives, or undefined once everybody is cut off. */
  unlessCutOff<T>(work: PromiseLike<T>): Promise<T | undefined>;
  /** Ends the waits. */
  close(): void;
  /** Gives up on what is still under way. */
  cutOff(): void;
}

/** The sender was shut down while WhatsApp had not answered: it may have done what it was asked to. */
export interface CutOff {
  readonly kind: "CutOff";
}

export const cutOff: CutOff = { kind: "CutOff" };

export const closing: Unavailable = { kind: "Unavailable", reason: "the sender is closing" };

export function createDrain(clock: Clock): Drain {
  let closing = false;
  const sleepers = new Set<() => void>();
  const workers = new Set<() => void>();

  return {
    get closing() {
      return closing;
    },
    async sleep(ms, woken) {
      if (closing) return false;
      let wake: () => void = () => {};
      const ended = new Promise<void>((resolve) => {
        wake = resolve;
      });
      woken?.then(wake, wake);
      sleepers.add(wake);
      await clock.sleep(ms, ended);
      sleepers.delete(wake);
      return !closing;
    },
    unlessClosed(work) {
      return new Promise((resolve, reject) => {
        if (closing) return resolve(undefined);
        const giveUp = (): void => resolve(undefined);
        const begun = (): void => void sleepers.delete(giveUp);
        sleepers.add(giveUp);
        work(begun).then(
          (result) => {
            begun();
            resolve(result);
          },
          (error: unknown) => {
            begun();
            reject(error as Error);
          },
        );
      });
    },
    unlessCutOff(work) {
      return new Promise((resolve, reject) => {
        const giveUp = (): void => resolve(undefined);
        workers.add(giveUp);
        work.then(
          (result) => {
            workers.delete(giveUp);
            resolve(result);
          },
          (error: unknown) => {
            workers.delete(giveUp);
            reject(error as Error);
          },
        );
      });
    },
    cutOff() {
      for (const giveUp of workers) giveUp();
    },
    close() {
      closing = true;
      for (const wake of sleepers) wake();
    },
  };
}
