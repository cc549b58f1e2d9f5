import type { Fault, FaultEffect } from "../../faults/fault.ts";
import { titleOf } from "../../graph/graph-error.ts";

/** What a fault is for, to choose from. */
export const targetOptions: readonly (readonly [string, string])[] = [
  ["graph.messages", "WhatsApp: messages"],
  ["graph.media", "WhatsApp: media"],
  ["graph", "WhatsApp: messages and media"],
  ["graph.management", "WhatsApp: everything else"],
  ["tenant", "Tenant Service"],
  ["tenant.credentials", "Tenant Service: credentials"],
  ["tenant.quota", "Tenant Service: quota"],
  ["tenant.callbacks", "Tenant Service: callbacks"],
  ["conversation", "Conversation Service"],
  ["callbacks", "Receiver of callbacks"],
];

/** What happens to a request, to choose from. */
export const effectOptions: readonly (readonly [string, string])[] = [
  ["graphError", "WhatsApp answers with an error"],
  ["status", "A proxy answers with a status"],
  ["acceptThenDelayMs", "Accepted, answered late"],
  ["delayMs", "Handled late"],
  ["loseReset", "Accepted, the answer lost (reset)"],
  ["loseClose", "Accepted, the answer lost (close)"],
  ["loseHang", "Accepted, never answered"],
  ["resetBefore", "Connection reset before the body is read"],
  ["resetAfter", "Connection reset after the body is read"],
  ["hang", "Not handled, never answered"],
  ["truncate", "Accepted, half of the answer"],
  ["html", "A page of HTML with status 200"],
];

/** A fault's trigger in words. */
export function triggerWords({ trigger = "always" }: Pick<Fault, "trigger">): string {
  if (trigger === "always") return "every request";
  if ("next" in trigger) return trigger.next === 1 ? "the next request" : `the next ${trigger.next} requests`;
  return trigger.every === 1 ? "every request" : `one of every ${trigger.every} requests`;
}

/** A fault's effect in words. */
export function effectWords(effect: FaultEffect): string {
  if ("graphError" in effect) return `${effect.graphError} · ${effect.details ?? titleOf(effect.graphError)}`;
  if ("status" in effect) return `Status ${effect.status}`;
  if ("delayMs" in effect) return `Handled after ${effect.delayMs} ms`;
  if ("acceptThenDelayMs" in effect) return `Accepted, answered after ${effect.acceptThenDelayMs} ms`;
  if ("reset" in effect) return `Connection reset ${effect.reset} the body is read`;
  if ("acceptThenLose" in effect) return `Accepted, the answer lost (${effect.acceptThenLose})`;
  if ("hang" in effect) return "Not handled, never answered";
  return "truncate" in effect ? "Accepted, half of the answer" : "A page of HTML with status 200";
}
