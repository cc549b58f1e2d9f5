import type { Clock } from "../ports/clock.ts";
import type { Unavailable } from "../ports/unavailable.ts";

/** Signals the shutdown of the sender in two steps: `close` ends all waits, and `abort` then gives up on all work in flight. */
export interface ShutdownSignal {
  /** Whether the shutdown has begun. */
  readonly closing: boolean;
  /** Resolves to true after `ms`, or as soon as `woken` settles; to false at once when the sender begins to close. */
  sleep(ms: number, woken?: Promise<unknown>): Promise<boolean>;
  /** The result of `work`, or `ifClosing` if the sender begins to close before `work` ends its wait. */
  unlessClosing<T>(work: (wait: Wait) => PromiseLike<T>, ifClosing: T): PromiseLike<T>;
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

/** The wait before a piece of work begins. */
interface Wait {
  /** The work begins. From now on a shutdown does not give it up. */
  end(): void;
}

interface OpenWait {
  /** The sender begins to close: the work is given up. */
  close(): void;
}

/** A class, since ten thousand waits with a closure for each function would keep 2 MB more. */
class WaitOfWork<T> implements Wait, OpenWait {
  readonly #open: Set<OpenWait>;
  readonly #ifClosing: T;
  #giveUp: ((result: T) => void) | undefined;
  hasEnded = false;

  constructor(open: Set<OpenWait>, ifClosing: T) {
    this.#open = open;
    this.#ifClosing = ifClosing;
  }

  /** The work has not begun at once: until it does, a shutdown calls `giveUp`. */
  goOn(giveUp: (result: T) => void): void {
    this.#giveUp = giveUp;
    this.#open.add(this);
  }

  end(): void {
    this.hasEnded = true;
    this.#open.delete(this);
  }

  close(): void {
    this.#giveUp?.(this.#ifClosing);
  }
}

/** A signal whose sleeps follow `clock`. */
export function createShutdownSignal(clock: Clock): ShutdownSignal {
  let closing = false;
  const sleeps = new Set<() => void>();
  const open = new Set<OpenWait>();
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
      sleeps.add(wake);
      await clock.sleep(ms, ended);
      sleeps.delete(wake);
      return !closing;
    },
    unlessClosing(work, ifClosing) {
      if (closing) return Promise.resolve(ifClosing);
      const wait = new WaitOfWork(open, ifClosing);
      const working = work(wait);
      // Most work begins at once, and is then not to be given up on.
      if (wait.hasEnded) return working;
      return new Promise((resolve, reject) => {
        wait.goOn(resolve);
        working.then(
          (result) => {
            wait.end();
            resolve(result);
          },
          (error: unknown) => {
            wait.end();
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
      for (const wake of sleeps) wake();
      for (const wait of open) wait.close();
    },
    abort() {
      for (const giveUp of inFlight) giveUp(undefined);
    },
  };
}
