import { defaultScheduleMs, type OnAmbiguous } from "../domain/retry-policy.ts";
import { longestMs } from "./accept/send-command.ts";

export interface MessageSenderOptions {
  /** One entry an attempt: the wait before it. Default: 0, 1000, 2000, 4000. Empty is the same as one 0. */
  readonly scheduleMs?: readonly number[];
  /** Each wait is lengthened by up to this share. Default: 0.2. */
  readonly jitter?: number;
  /** Where the jitter comes from: a number from 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: 10,000. */
  readonly attemptTimeoutMs?: number;
  /** How long after a call a repeat may begin. Default: 60,000. */
  readonly sendDeadlineMs?: number;
  /** What to do when an attempt ends without an answer. Default: `resend`. */
  readonly onAmbiguous?: OnAmbiguous;
  /** How long `verify` waits for a status webhook. Without webhooks leave it out: `verify` then acts as `hold`. */
  readonly evidenceMs?: number;
  /** How long attempts at a queued message may begin. Default: 3,600,000. */
  readonly ttlMs?: number;
  /** How long messages that have come to an end, and webhooks, are kept. Default: 30 days. */
  readonly retentionMs?: number;
  /** How long a key answers, but no longer than its message is kept. Default: 7 days. */
  readonly keysKeptMs?: number;
  /**
   * How long credentials are used without asking for them again. Default: 300,000. With 0, which is for a source that answers
   * from memory, what it says counts at once: also that it has another credential after one was refused.
   */
  readonly credentialsTtlMs?: number;
}

/** The options with their defaults. Throws a `RangeError` for options that make no sense. */
export function settingsOf(options: MessageSenderOptions) {
  const { jitter = 0.2, random = Math.random } = options;
  const settings = {
    scheduleMs: options.scheduleMs ?? defaultScheduleMs,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    sendDeadlineMs: options.sendDeadlineMs ?? 60_000,
    onAmbiguous: options.onAmbiguous ?? "resend",
    ...(options.evidenceMs !== undefined && { evidenceMs: options.evidenceMs }),
    ttlMs: options.ttlMs ?? 3_600_000,
    retentionMs: options.retentionMs ?? 30 * dayMs,
    keysKeptMs: options.keysKeptMs ?? 7 * dayMs,
    credentialsTtlMs: options.credentialsTtlMs ?? 300_000,
    spread: () => random() * jitter,
  };
  assertDurations({ ...options, ...settings, jitter });
  return settings;
}

const dayMs = 86_400_000;

function assertDurations(options: MessageSenderOptions): void {
  for (const [name, value] of Object.entries(options)) {
    for (const number of Array.isArray(value) ? value : [value]) {
      if (typeof number === "number" && !(number >= 0 && number <= longestMs)) {
        throw new RangeError(`${name} must be 0 or more, and at most ten years`);
      }
    }
  }
}
