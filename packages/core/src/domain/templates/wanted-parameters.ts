import { elementsOf, fieldsOf } from "../../content/cross-field.ts";
import type { TemplateDefinition } from "./template-definition.ts";

/** The parameters of a text, by the names that stand in its double braces: `1`, `2` or names. */
export interface WantedTexts {
  readonly isNamed: boolean;
  readonly names: readonly string[];
}

/** What a header needs: texts, or one parameter of this type. */
export type WantedHeader = WantedTexts | { readonly type: string };

/** A button of a template. */
export interface WantedButton {
  /** Meta's type, in lower case. */
  readonly type: string;
  /** Whether its URL ends in a parameter. */
  readonly hasParameter: boolean;
}

/** The parameters that a message has to give. A part that is absent is not understood, and is not checked. */
export interface WantedParameters {
  readonly header?: WantedHeader;
  readonly body?: WantedTexts;
  readonly buttons?: readonly WantedButton[];
  /** Of each card of a carousel. A message may have more cards than the template. */
  readonly cards?: readonly WantedParameters[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The types of headers that take one parameter of the same type. */
export const headerTypes: ReadonlySet<string> = new Set(["image", "video", "document", "location", "product"]);

/** Reads the parameters of a template from its components, once for all of its messages. */
export function wantedParametersOf({ components, parameterFormat }: TemplateDefinition): WantedParameters {
  return readParts(components.map(fieldsOf), parameterFormat);
}

function readParts(components: readonly Fields[], format: string | undefined): WantedParameters {
  const partOf = (type: string): Fields | undefined => components.find((part) => wordOf(part["type"]) === type);
  const [body, carousel] = [textsOf(partOf("body")?.["text"], format), partOf("carousel")];
  const header = headerOf(partOf("header"), format);
  const buttons = buttonsOf(partOf("buttons"));
  return {
    ...(header && { header }),
    ...(body && { body }),
    ...(buttons && { buttons }),
    ...(carousel && {
      cards: elementsOf(carousel["cards"]).map((card) =>
        readParts(elementsOf(fieldsOf(card)["components"]).map(fieldsOf), format),
      ),
    }),
  };
}

function headerOf(part: Fields | undefined, format: string | undefined): WantedHeader | undefined {
  if (!part) return { isNamed: false, names: [] };
  const type = wordOf(part["format"]);
  if (type === "text") return textsOf(part["text"], format);
  return headerTypes.has(type) ? { type } : undefined;
}

/** Undefined for a text whose parameters are neither numbered from 1 nor named as Meta documents it. */
function textsOf(text: unknown, format: string | undefined): WantedTexts | undefined {
  if (typeof text !== "string") return undefined;
  const names = [...new Set(Array.from(text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g), ([, name = ""]) => name))];
  if (names.length === 0) return { isNamed: false, names };
  const areNumbers = names.every((name) => /^\d+$/.test(name));
  const stated = wordOf(format);
  if (areNumbers) {
    const isComplete = names.every((_, index) => names.includes(String(index + 1)));
    return isComplete && stated !== "named" ? { isNamed: false, names: names.toSorted((a, b) => +a - +b) } : undefined;
  }
  const areNames = names.every((name) => /^[a-z_][a-z0-9_]{0,63}$/.test(name));
  return areNames && stated !== "positional" ? { isNamed: true, names } : undefined;
}

function buttonsOf(part: Fields | undefined): readonly WantedButton[] | undefined {
  if (!part) return [];
  const { buttons } = part;
  if (!Array.isArray(buttons)) return undefined;
  return buttons.map(fieldsOf).map(({ type, url }) => ({
    type: wordOf(type),
    hasParameter: wordOf(type) === "url" && typeof url === "string" && /\{\{\s*\w+\s*\}\}/.test(url),
  }));
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value.toLowerCase() : "";
}
