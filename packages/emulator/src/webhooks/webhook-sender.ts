import { createBoundedLog } from "../collections/bounded-log.ts";
import type { Delivery, WebhookRecord } from "./delivery.ts";
import { postWebhook } from "./post-webhook.ts";
import type { WebhookTarget } from "./webhook-target.ts";

/** Sends webhooks in the order in which they are due, and retries those that are not answered with 200. */
export interface WebhookSender {
  schedule(delivery: Delivery, afterMs: number): void;
  /** Starts no further request until `resume`. */
  pause(): void;
  /** Sends what has become due meanwhile, in the order that `reorder` returns. */
  resume(reorder?: <T>(due: readonly T[]) => T[]): void;
  readonly paused: boolean;
  /** What is in flight or will be sent; while paused, without what is due. */
  readonly pendingCount: number;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
  readonly sent: readonly WebhookRecord[];
  /** Forgets everything that is pending and aborts what is in flight. */
  drop(): void;
  clearLog(): void;
}

interface WebhookSenderDeps {
  readonly target: () => WebhookTarget | undefined;
  readonly keep: number;
  readonly concurrency: number;
  readonly retryPausesMs: readonly number[];
  readonly timeoutMs: number;
}

interface Attempt {
  readonly delivery: Delivery;
  /** From 1. */
  readonly attempt: number;
}

export function createWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  const { target, keep, concurrency, retryPausesMs, timeoutMs } = deps;
  const log = createBoundedLog<WebhookRecord>(keep);
  const timers = new Set<NodeJS.Timeout>();
  const inFlight = new Set<AbortController>();
  let due: Attempt[] = [];
  let paused = false;
  const idleWaiters: (() => void)[] = [];

  function schedule(next: Attempt, afterMs: number): void {
    if (afterMs > 0) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        due.push(next);
        pump();
      }, afterMs);
      timers.add(timer);
    } else {
      due.push(next);
      pump();
    }
  }

  function pump(): void {
    while (!paused && inFlight.size < concurrency) {
      const next = due.shift();
      if (!next) break;
      const current = target();
      if (current) start(next, current);
    }
    if (pendingCount() === 0) for (const resolve of idleWaiters.splice(0)) resolve();
  }

  function start(next: Attempt, current: WebhookTarget): void {
    const abort = new AbortController();
    inFlight.add(abort);
    postWebhook({ ...next, target: current, timeoutMs, abort }).then(
      (record) => {
        // `drop` has forgotten it.
        if (!inFlight.delete(abort)) return;
        if (record) settle(next, record);
        pump();
      },
      (cause: unknown) => {
        inFlight.delete(abort);
        pump();
        queueMicrotask(() => {
          throw cause;
        });
      },
    );
  }

  function settle({ delivery, attempt }: Attempt, record: WebhookRecord): void {
    log.add(record);
    const pauseMs = retryPausesMs[attempt - 1];
    if (record.responseStatus === 200 || pauseMs === undefined) return;
    const next = { delivery, attempt: attempt + 1 };
    if (pauseMs > 0) schedule(next, pauseMs);
    else due.unshift(next);
  }

  function pendingCount(): number {
    return timers.size + inFlight.size + (paused ? 0 : due.length);
  }

  return {
    schedule: (delivery, afterMs) => schedule({ delivery, attempt: 1 }, afterMs),
    pause() {
      paused = true;
      pump();
    },
    resume(reorder) {
      if (reorder) due = reorder(due);
      paused = false;
      pump();
    },
    get paused() {
      return paused;
    },
    get pendingCount() {
      return pendingCount();
    },
    idle: () =>
      new Promise((resolve) => {
        if (pendingCount() === 0) resolve();
        else idleWaiters.push(resolve);
      }),
    get sent() {
      return log.entries();
    },
    drop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      due = [];
      const aborted = [...inFlight];
      inFlight.clear();
      for (const abort of aborted) abort.abort();
      pump();
    },
    clearLog: () => log.clear(),
  };
}
