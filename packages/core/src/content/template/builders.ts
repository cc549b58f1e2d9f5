import type { Content } from "../content.ts";
import type { TemplateComponent, TemplateLanguage, TextParameter } from "./template.ts";

/** A template with what fills its gaps. A language may be given as its code. */
export function template(
  name: string,
  language: string | TemplateLanguage,
  components?: readonly TemplateComponent[],
): Content {
  const spoken = typeof language === "string" ? { code: language } : language;
  return { type: "template", template: { name, language: spoken, ...(components && { components }) } };
}

/** Texts for the gaps of a template: by place from a list, by name from an object. */
export function textParameters(values: readonly string[] | Readonly<Record<string, string>>): TextParameter[] {
  if (isList(values)) return values.map((text) => ({ type: "text", text }));
  return Object.entries(values).map(([parameter_name, text]) => ({ type: "text", parameter_name, text }));
}

/** An authentication template, which takes its code twice: in the body and on the button. */
export function authenticationTemplate(name: string, language: string | TemplateLanguage, code: string): Content {
  const parameters = textParameters([code]);
  return template(name, language, [
    { type: "body", parameters },
    { type: "button", sub_type: "url", index: 0, parameters: [{ type: "text", text: code }] },
  ]);
}

function isList(values: readonly string[] | Readonly<Record<string, string>>): values is readonly string[] {
  return Array.isArray(values);
}
