import { z } from "zod";

import { once } from "../once.ts";
import { plainText } from "../plain-text.ts";
import { type TemplateComponent, templateComponentsSchema } from "./template-components.ts";
import { textParameters } from "./template-parameters.ts";

/** A message that WhatsApp approved in advance, with the values of its parameters. */
export interface Template {
  /** Lower-case letters, digits and underscores. */
  readonly name: string;
  readonly language: TemplateLanguage;
  readonly components?: readonly TemplateComponent[];
}

/** The language of a template. */
export interface TemplateLanguage {
  /** Such as `en_US`. */
  readonly code: string;
  /** `deterministic`, as Meta documents it. */
  readonly policy?: string;
}

/** The content of a template message. */
export interface TemplateContent {
  readonly type: "template";
  readonly template: Template;
}

/** Meta's documentation forbids a hyphen in the name; Meta's own examples have one. @internal */
export const templateSchema = once(() =>
  z.looseObject({
    name: z.string().regex(/^[a-z0-9_-]{1,512}$/, { error: "must be 1–512 characters of a–z, 0–9, _ and -" }),
    language: z.looseObject({
      code: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, { error: "must be a language code" }),
      policy: plainText().optional(),
    }),
    components: templateComponentsSchema().optional(),
  }),
);

/** A template with the values of its parameters. The language is its code or Meta's object. */
export function template(
  name: string,
  language: string | TemplateLanguage,
  components?: readonly TemplateComponent[],
): TemplateContent {
  const languageObject = typeof language === "string" ? { code: language } : language;
  return { type: "template", template: { name, language: languageObject, ...(components && { components }) } };
}

/** An authentication template, which has its code in the body and on the button. */
export function authenticationTemplate(
  name: string,
  language: string | TemplateLanguage,
  code: string,
): TemplateContent {
  const parameters = textParameters([code]);
  return template(name, language, [
    { type: "body", parameters },
    { type: "button", sub_type: "url", index: 0, parameters: [{ type: "text", text: code }] },
  ]);
}
