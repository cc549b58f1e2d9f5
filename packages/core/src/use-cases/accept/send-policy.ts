import { defaultEvidenceMs, normalizeSchedule, type OnAmbiguous, type SendPolicy } from "../../domain/retry-policy.ts";
import type { MessageCommand } from "./send-command.ts";

/** The sender's options for the policy of a message. */
export interface PolicyOptions {
  readonly scheduleMs: readonly number[];
  readonly onAmbiguous: OnAmbiguous;
  /** How long to wait for evidence, in milliseconds; absent if none can arrive. `verify` then acts as `hold`. */
  readonly evidenceMs?: number;
}

/** The policy snapshot of a new message. */
export function policyOf(command: MessageCommand, options: PolicyOptions): SendPolicy {
  const wanted = command.onAmbiguous ?? options.onAmbiguous;
  return {
    scheduleMs: normalizeSchedule(options.scheduleMs),
    onAmbiguous: wanted === "verify" && options.evidenceMs === undefined ? "hold" : wanted,
    evidenceMs: options.evidenceMs ?? defaultEvidenceMs,
  };
}
