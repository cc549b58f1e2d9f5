import { type Answer, json } from "../http/answer.ts";
import type { TemplateSeed } from "./templates.ts";

/** The page of a list that a request asks for. */
export interface TemplatePage {
  readonly fields: string | undefined;
  readonly limit: string | undefined;
  readonly after: string | undefined;
  readonly name: string | undefined;
}

const defaultFields = "id,name,language,status,category,components";

/** `GET /{waba_id}/message_templates` (Graph API, "WhatsApp Business Account Message Templates"). */
export function answerTemplates(seeds: readonly TemplateSeed[], page: TemplatePage): Answer {
  const all = seeds.flatMap((seed, index) =>
    page.name === undefined || seed.name === page.name ? [describe(seed, index)] : [],
  );
  const from = Number(page.after === undefined ? 0 : Buffer.from(page.after, "base64url").toString()) || 0;
  const to = from + (Math.max(0, Number(page.limit)) || 25);
  const names = ["id", ...(page.fields ?? defaultFields).split(",")];
  const data = all
    .slice(from, to)
    .map((template) => Object.fromEntries(Object.entries(template).filter(([name]) => names.includes(name))));
  const cursors = { before: cursorOf(from), after: cursorOf(to) };
  const next = to < all.length ? { next: "https://graph.facebook.com/" } : {};
  return json(200, data.length === 0 ? { data } : { data, paging: { cursors, ...next } });
}

function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString("base64url");
}

/** The template in Meta's words. */
function describe(seed: TemplateSeed, index: number) {
  const { name, language, category = "utility", status = "approved", body = 0, header, buttons = [] } = seed;
  const isNamed = typeof body !== "number";
  const parameters = isNamed ? body : Array.from({ length: body }, (_, at) => String(at + 1));
  const text = ["Hello!", ...parameters.map((parameter) => `{{${parameter}}}`)].join(" ");
  return {
    id: String(1_000_000_000_000_000 + index),
    name,
    language,
    status: status.toUpperCase(),
    category: category.toUpperCase(),
    parameter_format: isNamed ? "NAMED" : "POSITIONAL",
    components: [
      ...(header === undefined ? [] : [headerOf(header, isNamed)]),
      { type: "BODY", text },
      ...(buttons.length === 0 ? [] : [{ type: "BUTTONS", buttons: buttons.map(buttonOf) }]),
    ],
  };
}

function headerOf(header: NonNullable<TemplateSeed["header"]>, isNamed: boolean) {
  // A seed does not say what the header of a named template calls its parameter.
  const text = header === "text" && !isNamed && { text: "{{1}}" };
  return { type: "HEADER", format: header.toUpperCase(), ...text };
}

function buttonOf(type: NonNullable<TemplateSeed["buttons"]>[number]) {
  return type === "url"
    ? { type: "URL", text: "Open", url: "https://example.com/{{1}}" }
    : { type: "QUICK_REPLY", text: "Reply" };
}
