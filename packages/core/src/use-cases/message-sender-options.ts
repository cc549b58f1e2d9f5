import { defaultScheduleMs, type OnAmbiguous } from "../domain/retry-policy.ts";
import { assertSenderOptions } from "./assert-sender-options.ts";

/** Options of a sender, by subject. Durations are milliseconds, from 0 to ten years. */
export interface MessageSenderOptions {
  readonly retry?: RetryOptions;
  readonly ambiguity?: AmbiguityOptions;
  readonly idempotency?: {
    /** How long a key is remembered, but no longer than its message is kept. Default: 604,800,000 (7 days). */
    readonly keptMs?: number;
  };
  readonly retention?: {
    /** How long finished messages, and webhooks, are kept. Default: 2,592,000,000 (30 days). */
    readonly keptMs?: number;
  };
  /**
   * How long credentials are cached. Default: 300,000. Use 0 for a source that answers from memory: each lookup then asks it, so a
   * replaced credential takes effect at once.
   */
  readonly credentialsTtlMs?: number;
  /**
   * With `false` this sender delivers nothing from the queue: another process does. It accepts messages for it, and does all its other
   * background work. Default: true.
   */
  readonly worker?: boolean;
  readonly queue?: QueueOptions;
}

/** How the queue is worked on. */
interface QueueOptions {
  /**
   * How long it waits before it looks again whether messages are due that others accepted, or that were scheduled. After ten looks
   * that found nothing it waits 2.5 times as long. Default: 100.
   */
  readonly pollMs?: number;
  /**
   * How many messages of one tenant may be queued and unfinished: `enqueue` then answers `QueueFull`. Counted at most once a second, so
   * several processes may accept some more together. Default: 100,000.
   */
  readonly limitPerTenant?: number;
}

/** How many attempts a message gets, and for how long. */
interface RetryOptions {
  /** One entry per attempt: the wait before it. Default: 0, 1000, 2000, 4000. An empty list means one attempt at once. */
  readonly scheduleMs?: readonly number[];
  /** Lengthens each wait by a random share of up to this. Default: 0.2. */
  readonly jitter?: number;
  /** Source of the jitter: returns a number from 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** How long one attempt may take. Default: 10,000. */
  readonly attemptTimeoutMs?: number;
  /** `send`: how long after the call a repeat may begin. Default: 60,000. */
  readonly sendDeadlineMs?: number;
  /** `enqueue`: how long after the message was accepted an attempt may begin. Default: 3,600,000. */
  readonly ttlMs?: number;
}

/** What to do when an attempt ends without an answer, so that the message may have been sent. */
interface AmbiguityOptions {
  /** Default: `resend`. A command may say otherwise. */
  readonly onAmbiguous?: OnAmbiguous;
  /** How long `verify` waits for a status webhook. Default: none, and `verify` acts as `hold`. Leave it out without webhooks. */
  readonly evidenceMs?: number;
}

/** The options with their defaults. Throws as `assertSenderOptions` does. */
export function settingsOf(options: MessageSenderOptions) {
  assertSenderOptions(options);
  const {
    retry = {},
    ambiguity = {},
    idempotency = {},
    retention = {},
    credentialsTtlMs = 300_000,
    worker = true,
    queue = {},
  } = options;
  const { jitter = 0.2, random = Math.random } = retry;
  return {
    scheduleMs: retry.scheduleMs ?? defaultScheduleMs,
    attemptTimeoutMs: retry.attemptTimeoutMs ?? 10_000,
    sendDeadlineMs: retry.sendDeadlineMs ?? 60_000,
    ttlMs: retry.ttlMs ?? 3_600_000,
    spread: () => random() * jitter,
    onAmbiguous: ambiguity.onAmbiguous ?? "resend",
    ...(ambiguity.evidenceMs !== undefined && { evidenceMs: ambiguity.evidenceMs }),
    keysKeptMs: idempotency.keptMs ?? 7 * dayMs,
    retentionMs: retention.keptMs ?? 30 * dayMs,
    credentialsTtlMs,
    worker,
    queuePollMs: queue.pollMs ?? 100,
    queueLimit: queue.limitPerTenant ?? 100_000,
  };
}

const dayMs = 86_400_000;
