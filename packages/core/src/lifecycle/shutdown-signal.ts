import type { Clock } from "../ports/clock.ts";
import type { Unavailable } from "../ports/unavailable.ts";

/** Signals the shutdown of the sender in two steps: `close` ends all waits, and `abort` then gives up on all work in flight. */
export interface ShutdownSignal {
  /** Whether the shutdown has begun. */
  readonly closing: boolean;
  /** Resolves to true after `ms`, or as soon as `woken` settles; to false at once when the sender begins to close. */
  sleep(ms: number, woken?: Promise<unknown>): Promise<boolean>;
  /** The result of `work`, or `ifClosing` if the sender begins to close before `work` calls `begun`. */
  unlessClosing<T>(work: (begun: () => void) => PromiseLike<T>, ifClosing: T): PromiseLike<T>;
  /** The result of `work`, or undefined if the shutdown aborts it. */
  orAborted<T>(work: PromiseLike<T>): Promise<T | undefined>;
  /** Ends all waits. */
  close(): void;
  /** Gives up on all work in flight. */
  abort(): void;
}

/** The sender shut down before WhatsApp answered. The request may have taken effect. */
export interface Aborted {
  readonly kind: "Aborted";
}

export const aborted: Aborted = { kind: "Aborted" };

export const closing: Unavailable = { kind: "Unavailable", reason: "the sender is closing" };

/** A signal whose sleeps follow `clock`. */
export function createShutdownSignal(clock: Clock): ShutdownSignal {
  let closing = false;
  const waits = new Set<() => void>();
  const inFlight = new Set<(result: undefined) => void>();

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
      waits.add(wake);
      await clock.sleep(ms, ended);
      waits.delete(wake);
      return !closing;
    },
    unlessClosing(work, ifClosing) {
      if (closing) return Promise.resolve(ifClosing);
      let hasBegun = false;
      let giveUp: (() => void) | undefined;
      const begun = (): void => {
        hasBegun = true;
        if (giveUp) waits.delete(giveUp);
      };
      const working = work(begun);
      // Most work begins at once, and is then not to be given up on.
      if (hasBegun) return working;
      return new Promise((resolve, reject) => {
        giveUp = () => resolve(ifClosing);
        waits.add(giveUp);
        working.then(
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
    orAborted(work) {
      return new Promise((resolve, reject) => {
        inFlight.add(resolve);
        work.then(
          (result) => {
            inFlight.delete(resolve);
            resolve(result);
          },
          (error: unknown) => {
            inFlight.delete(resolve);
            reject(error as Error);
          },
        );
      });
    },
    close() {
      closing = true;
      for (const wake of waits) wake();
    },
    abort() {
      for (const giveUp of inFlight) giveUp(undefined);
    },
  };
}
