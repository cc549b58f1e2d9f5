import { isRecord } from "../json/records.ts";
import type { GraphError } from "./graph-error.ts";
import { typeOf } from "./messages/message.ts";
import { templateOf, type TemplateSeed } from "./templates.ts";

/** Checks what the Marketing Messages API asks beside the Cloud API: a template, and one for marketing. */
export function checkMarketing(body: unknown, templates: readonly TemplateSeed[]): GraphError | undefined {
  if (!isRecord(body)) return undefined;
  if (typeOf(body) !== "template") return { code: 131055, details: "Only template messages can be sent by this API." };
  const seed = templateOf(templates, body);
  if (!seed || "code" in seed || seed.category === "marketing") return undefined;
  return { code: 134100, details: `template (${seed.name}) is not a marketing template` };
}
