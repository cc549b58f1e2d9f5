import { defaultEvidenceMs, normalizeSchedule, type OnAmbiguous, type SendPolicy } from "../../domain/retry-policy.ts";
import type { MessageCommand } from "./send-command.ts";

/** The sender's options for the policy of a message. */
export interface PolicyOptions {
  readonly scheduleMs: readonly number[];
  readonly onAmbiguous: OnAmbiguous;
  /** How long to wait for evidence, in milliseconds; absent if none can arrive. `verify` then acts as `hold`. */
  readonly evidenceMs?: number;
}

/** The policy snapshots of new messages, one for each `onAmbiguous`. */
export type PolicyOf = (command: Pick<MessageCommand, "onAmbiguous">) => SendPolicy;

/** Messages share their snapshots, which never change. */
export function createPolicyOf({ scheduleMs, onAmbiguous, evidenceMs }: PolicyOptions): PolicyOf {
  function policyWith(wanted: OnAmbiguous): SendPolicy {
    return {
      scheduleMs: normalizeSchedule(scheduleMs),
      onAmbiguous: wanted === "verify" && evidenceMs === undefined ? "hold" : wanted,
      evidenceMs: evidenceMs ?? defaultEvidenceMs,
    };
  }
  const policies = { resend: policyWith("resend"), verify: policyWith("verify"), hold: policyWith("hold") };
  return (command) => policies[command.onAmbiguous ?? onAmbiguous];
}
