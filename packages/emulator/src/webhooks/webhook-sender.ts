import { createBoundedLog } from "../collections/bounded-log.ts";
import type { Delivery, EncodedWebhook, WebhookRecord, WebhookScope } from "./delivery.ts";
import { postWebhook } from "./post-webhook.ts";
import { encodeBatch, type EncodedUpdate } from "./webhook-batch.ts";
import type { WebhookTarget } from "./webhook-target.ts";

/** Sends webhooks in the order in which they are due, and retries those that are not answered with 200. */
export interface WebhookSender {
  schedule(delivery: Delivery, afterMs: number): void;
  /** Sends a webhook of the log again, with the same bytes. false: the log does not have it. */
  redeliver(id: string): boolean;
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

interface SenderSettings {
  readonly concurrency: number;
  readonly retryPausesMs: readonly number[];
  readonly timeoutMs: number;
  /** The most updates in one request. */
  readonly batch: number;
}

interface WebhookSenderDeps {
  readonly targetOf: (about: WebhookScope) => WebhookTarget | undefined;
  readonly settings: () => SenderSettings;
  readonly keep: number;
  /** Told of each request that has ended. */
  readonly onSent: (record: WebhookRecord) => void;
}

/** An update that waits for its first request, or a webhook that is sent again. */
type Due = { readonly delivery: Delivery } | Attempt;

interface Attempt {
  readonly webhook: EncodedWebhook;
  /** From 1. */
  readonly attempt: number;
}

export function createWebhookSender({ targetOf, settings, keep, onSent }: WebhookSenderDeps): WebhookSender {
  const log = createBoundedLog<WebhookRecord>(keep);
  const timers = new Set<NodeJS.Timeout>();
  const inFlight = new Set<AbortController>();
  let due: Due[] = [];
  let paused = false;
  const idleWaiters: (() => void)[] = [];

  function schedule(next: Due, afterMs: number): void {
    const add = () => {
      if ("delivery" in next) next.delivery.onDue?.();
      due.push(next);
      pump();
    };
    if (afterMs <= 0) {
      add();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      add();
    }, afterMs);
    timers.add(timer);
  }

  function pump(): void {
    while (!paused && inFlight.size < settings().concurrency) {
      const next = due.shift();
      if (!next) break;
      const about = "delivery" in next ? next.delivery.about : next.webhook.about;
      const target = targetOf(about);
      if (!target) continue;
      const attempt = "delivery" in next ? firstAttempt(next.delivery, target) : next;
      if (attempt) start(attempt, target);
    }
    if (pendingCount() === 0) for (const resolve of idleWaiters.splice(0)) resolve();
  }

  /** Takes what else is due for the same target into the batch. */
  function firstAttempt(delivery: Delivery, target: WebhookTarget): Attempt | undefined {
    const { batch } = settings();
    const together: EncodedUpdate[] = [];
    try {
      for (let next: Delivery | undefined = delivery; next; next = takeFor(target)) {
        const update = next.encode();
        if (update) together.push({ delivery: next, update });
        if (together.length >= batch) break;
      }
      const webhook = encodeBatch(together);
      return webhook && { webhook, attempt: 1 };
    } catch (cause) {
      raise(cause);
      return undefined;
    }
  }

  /** What is due next, if it is an update for this target. */
  function takeFor(target: WebhookTarget): Delivery | undefined {
    const [next] = due;
    if (!next || !("delivery" in next)) return undefined;
    const other = targetOf(next.delivery.about);
    if (other?.url !== target.url || other.appSecret !== target.appSecret) return undefined;
    due.shift();
    return next.delivery;
  }

  function start(next: Attempt, target: WebhookTarget): void {
    const abort = new AbortController();
    inFlight.add(abort);
    const { timeoutMs } = settings();
    postWebhook({ ...next, target, timeoutMs, abort }).then((record) => {
      // `drop` has forgotten it.
      if (!inFlight.delete(abort)) return;
      settle(next, record);
      pump();
    }, raise);
  }

  function settle({ webhook, attempt }: Attempt, record: WebhookRecord): void {
    log.add(record);
    onSent(record);
    const pauseMs = settings().retryPausesMs[attempt - 1];
    if (record.responseStatus === 200 || pauseMs === undefined) return;
    const next = { webhook, attempt: attempt + 1 };
    if (pauseMs > 0) schedule(next, pauseMs);
    else due.unshift(next);
  }

  function pendingCount(): number {
    return timers.size + inFlight.size + (paused ? 0 : due.length);
  }

  return {
    schedule: (delivery, afterMs) => schedule({ delivery }, afterMs),
    redeliver(id) {
      const record = log.entries().findLast((one) => one.id === id);
      if (!record) return false;
      schedule({ webhook: record, attempt: 1 }, 0);
      return true;
    },
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

/** Nothing catches a defect, and it does not become that of whoever scheduled the webhook. */
function raise(cause: unknown): void {
  queueMicrotask(() => {
    throw cause;
  });
}
