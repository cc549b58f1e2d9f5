import { createBoundedLog } from "../collections/bounded-log.ts";
import type { WebhookStatus } from "./webhook-payload.ts";
import { signWebhook } from "./webhook-signature.ts";

/** Where webhooks go, and what they are signed with. */
export interface WebhookTarget {
  readonly url: string;
  readonly appSecret: string;
}

/** One request to the target and how it ended. */
export interface WebhookRecord {
  /** When it went out, in milliseconds since the epoch. */
  readonly at: number;
  readonly url: string;
  /** What it told: the status of a message, a message of a person, or a person's wish. */
  readonly kind: Delivery["kind"];
  readonly statuses: readonly { readonly wamid: string; readonly status: WebhookStatus }[];
  /** From 1; the same webhook again is the next one. */
  readonly attempt: number;
  /** Absent when no answer came. */
  readonly responseStatus?: number;
  /** Why no answer came. */
  readonly error?: string;
}

export interface Delivery {
  readonly kind: "status" | "message" | "preference" | "raw";
  /** Asked before each attempt; undefined: there is nothing to send. A throw is a defect, and stays uncaught. */
  encode(): { readonly body: string; readonly statuses: WebhookRecord["statuses"] } | undefined;
}

/** Takes webhooks to the target in the order in which they are due, and again where it does not answer with 200. */
export interface WebhookSender {
  schedule(delivery: Delivery, afterMs: number): void;
  /** From here on no request begins. */
  pause(): void;
  /** Goes on with what has become due, in the order that `arrange` gives it. */
  resume(arrange?: <T>(due: readonly T[]) => T[]): void;
  readonly paused: boolean;
  /** What is being sent or will be, without what is due while paused. */
  readonly onTheWay: number;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
  readonly sent: readonly WebhookRecord[];
  /** Forgets all that is pending, and cuts what is being sent. */
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
  readonly attempt: number;
}

export function createWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  const { target, keep, concurrency, retryPausesMs, timeoutMs } = deps;
  const log = createBoundedLog<WebhookRecord>(keep);
  const timers = new Set<NodeJS.Timeout>();
  const inFlight = new Set<AbortController>();
  let due: Attempt[] = [];
  let paused = false;
  const idlers: (() => void)[] = [];

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
      const to = target();
      if (to) start(next, to);
    }
    if (onTheWay() === 0) for (const resolve of idlers.splice(0)) resolve();
  }

  function start(next: Attempt, to: WebhookTarget): void {
    const stop = new AbortController();
    inFlight.add(stop);
    post(next, to, stop).then(
      (record) => {
        if (!inFlight.delete(stop)) return;
        if (record) settle(next, record);
        pump();
      },
      (cause: unknown) => {
        inFlight.delete(stop);
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

  async function post(next: Attempt, { url, appSecret }: WebhookTarget, stop: AbortController) {
    const encoded = next.delivery.encode();
    if (!encoded) return undefined;
    const { body, statuses } = encoded;
    const about = { at: Date.now(), url, kind: next.delivery.kind, statuses, attempt: next.attempt };
    const timer = setTimeout(() => stop.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-hub-signature-256": signWebhook(body, appSecret) },
        body,
        redirect: "manual",
        signal: stop.signal,
      });
      await response.arrayBuffer();
      return { ...about, responseStatus: response.status };
    } catch (cause) {
      return { ...about, error: reasonOf(cause) };
    } finally {
      clearTimeout(timer);
    }
  }

  function onTheWay(): number {
    return timers.size + inFlight.size + (paused ? 0 : due.length);
  }

  return {
    schedule: (delivery, afterMs) => schedule({ delivery, attempt: 1 }, afterMs),
    pause() {
      paused = true;
      pump();
    },
    resume(arrange) {
      if (arrange) due = arrange(due);
      paused = false;
      pump();
    },
    get paused() {
      return paused;
    },
    get onTheWay() {
      return onTheWay();
    },
    idle: () =>
      new Promise((resolve) => {
        if (onTheWay() === 0) resolve();
        else idlers.push(resolve);
      }),
    get sent() {
      return log.entries();
    },
    drop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      due = [];
      const cut = [...inFlight];
      inFlight.clear();
      for (const stop of cut) stop.abort();
      pump();
    },
    clearLog: () => log.clear(),
  };
}

/** fetch says why it failed in the cause, which has a code where it was the socket. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause ? String(cause.code) : cause.message;
}
