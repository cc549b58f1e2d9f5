import { isRecord } from "../json/records.ts";
import type { GraphError } from "./graph-error.ts";
import { typeOf } from "./messages/message.ts";
import type { StoredTemplate } from "./templates/template-store.ts";

/** Checks what the Marketing Messages API asks beside the Cloud API: a template, and one for marketing. */
export function checkMarketing(
  body: unknown,
  template: StoredTemplate | GraphError | undefined,
): GraphError | undefined {
  if (!isRecord(body)) return undefined;
  if (typeOf(body) !== "template") return { code: 131055, details: "Only template messages can be sent by this API." };
  if (!template || !("id" in template) || template.category === "marketing") return undefined;
  return { code: 134100, details: `template (${template.name}) is not a marketing template` };
}
