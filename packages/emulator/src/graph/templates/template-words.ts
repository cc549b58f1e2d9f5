import type { TemplateSeed } from "./template-seed.ts";

/** The components of a seeded template in Meta's words. */
export function componentsOf({ body = 0, header, buttons = [] }: TemplateSeed) {
  const isNamed = typeof body !== "number";
  const parameters = isNamed ? body : Array.from({ length: body }, (_, at) => String(at + 1));
  const text = ["Hello!", ...parameters.map((parameter) => `{{${parameter}}}`)].join(" ");
  return [
    ...(header === undefined ? [] : [headerOf(header, isNamed)]),
    { type: "BODY", text },
    ...(buttons.length === 0 ? [] : [{ type: "BUTTONS", buttons: buttons.map(buttonOf) }]),
  ];
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
