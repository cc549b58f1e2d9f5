import { isRecord, recordsAt } from "../../json/records.ts";
import type { TemplateSeed } from "./template-seed.ts";

type Component = Readonly<Record<string, unknown>>;

/** What a message has to give to a template. */
export interface TemplateNeeds {
  /** The number of the body's parameters, or their names. */
  readonly body: number | readonly string[];
  readonly header: TemplateSeed["header"];
  /** By index; undefined: the button needs no parameter. */
  readonly buttons: readonly (ButtonNeed | undefined)[];
}

/** As Meta's error names the button. */
type ButtonNeed = "Url" | "CopyCode";

/** What the components of a template need, by Meta's placeholders: `{{1}}` or `{{first_name}}`. */
export function needsOf(components: readonly Component[], isNamed: boolean, isAuthentication: boolean): TemplateNeeds {
  const componentOf = (type: string) => components.find((one) => String(one["type"]).toUpperCase() === type);
  const names = placeholdersIn(componentOf("BODY")?.["text"]);
  const buttons = recordsAt(componentOf("BUTTONS"), "buttons");
  // The body of an authentication template is Meta's own, with the code as its one parameter.
  const body = isAuthentication ? 1 : isNamed ? names : names.length;
  return { body, header: headerNeed(componentOf("HEADER")), buttons: buttons.map(buttonNeed) };
}

/** The names in the braces, each once. */
function placeholdersIn(text: unknown): readonly string[] {
  if (typeof text !== "string") return [];
  return [...new Set(Array.from(text.matchAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g), ([, name = ""]) => name))];
}

function headerNeed(header: Component | undefined): TemplateSeed["header"] {
  const format = (typeof header?.["format"] === "string" ? header["format"] : "").toLowerCase();
  if (format === "text") return placeholdersIn(header?.["text"]).length > 0 ? "text" : undefined;
  return mediaHeaders.find((known) => known === format);
}

const mediaHeaders = ["image", "video", "document", "location", "product"] as const;

function buttonNeed(button: Component): ButtonNeed | undefined {
  const type = String(button["type"]).toUpperCase();
  if (type === "OTP" || (type === "URL" && placeholdersIn(button["url"]).length > 0)) return "Url";
  return type === "COPY_CODE" ? "CopyCode" : undefined;
}

/** Whether the placeholders are names, where the request does not say so. */
export function isNamedFormat(format: unknown, components: readonly Component[]): boolean {
  if (typeof format === "string") return format.toUpperCase() === "NAMED";
  return components.some((one) => isRecord(one) && placeholdersIn(one["text"]).some((name) => !/^\d+$/.test(name)));
}
