import { fieldsOf, listOf, type LooseFields, parsedJson } from "../../codecs/loose-json.ts";
import { isIdentifier } from "../../content/identifiers.ts";
import { type Pause, pauseIdOf, type PauseTarget } from "../../domain/pause.ts";

/** What WhatsApp has reported about a template: that it is paused, or that it can be sent again. */
export type TemplateReport =
  | { readonly kind: "Paused"; readonly pause: Pause }
  | { readonly kind: "Resumed"; readonly id: string; readonly at: Date };

const hourMs = 3_600_000;
/** Cloud API, "Templates: template pausing": three hours the first time, six the second, then it is disabled. */
const pausedMs: ReadonlyMap<unknown, number> = new Map([
  ["FIRST_PAUSE", 3 * hourMs],
  ["SECOND_PAUSE", 6 * hourMs],
]);
const otherPauseMs = 3 * hourMs;

/**
 * What a webhook reports about templates (Cloud API, "Webhooks: message_template_status_update"). `receivedAt` stands for a time
 * that the webhook does not state.
 */
export function templateReportsOf(body: string, receivedAt: Date): readonly TemplateReport[] {
  return listOf(fieldsOf(parsedJson(body))["entry"]).flatMap((given) => {
    const { id, time, changes } = fieldsOf(given);
    const wabaId = typeof id === "number" ? String(id) : id;
    if (typeof wabaId !== "string" || !isIdentifier(wabaId)) return [];
    const at = timeOf(time, receivedAt);
    return listOf(changes).flatMap((change) => reportOf(fieldsOf(change), wabaId, at, receivedAt) ?? []);
  });
}

function reportOf({ field, value }: LooseFields, wabaId: string, at: Date, now: Date): TemplateReport | undefined {
  if (field !== "message_template_status_update") return undefined;
  const { event, message_template_name: name, message_template_language: language, other_info: info } = fieldsOf(value);
  if (typeof name !== "string" || typeof language !== "string") return undefined;
  const target: PauseTarget = {
    kind: "template",
    name,
    language: language.replace("-", "_"),
    wabaId,
    owner: "whatsapp",
  };
  const id = pauseIdOf(target);
  const { title } = fieldsOf(info);
  const pause = { ...target, id, by: "WhatsApp", at };
  if (event === "DISABLED") return { kind: "Paused", pause: { ...pause, reason: "WhatsApp has disabled it" } };
  if (event === "PAUSED" && title !== "UNPAUSE") {
    const until = new Date(at.getTime() + (pausedMs.get(title) ?? otherPauseMs));
    return until > now ? { kind: "Paused", pause: { ...pause, until, reason: "WhatsApp has paused it" } } : undefined;
  }
  const isSendable = event === "APPROVED" || event === "REINSTATED" || event === "UNPAUSED" || title === "UNPAUSE";
  return isSendable ? { kind: "Resumed", id, at } : undefined;
}

/** Seconds since the epoch. One in the future, or that is none, counts as `receivedAt`. */
function timeOf(seconds: unknown, receivedAt: Date): Date {
  const at = new Date(Number(seconds) * 1000);
  return Number(seconds) > 0 && at <= receivedAt ? at : receivedAt;
}
