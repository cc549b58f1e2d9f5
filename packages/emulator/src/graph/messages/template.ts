import { isRecord } from "../../json/records.ts";
import { templateButton } from "./template-button.ts";
import { document, image, video } from "./media-objects.ts";
import { location } from "./location.ts";
import {
  all,
  badParameter,
  badValue,
  byKind,
  lengthOf,
  list,
  note,
  object,
  optional,
  pattern,
  type Rule,
  text,
  whole,
} from "./rules.ts";
import { recordsAt } from "../../json/records.ts";
import { misshapen, parameterText } from "./template-text.ts";

const parameters: Readonly<Record<string, Rule>> = {
  text: object({ text: parameterText, parameter_name: optional(text()) }),
  currency: object({
    currency: object({
      fallback_value: parameterText,
      code: pattern(/^[A-Z]{3}$/, "a currency"),
      amount_1000: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    }),
  }),
  date_time: object({ date_time: object({ fallback_value: parameterText }) }),
  image: object({ image }),
  video: object({ video }),
  document: object({ document }),
  location: object({ location }),
  product: object({ product: object({ product_retailer_id: text() }) }),
};

/** One of these kinds, or one that is not known here; the other known ones are of another shape. */
function parameter(...types: readonly string[]): Rule {
  const rules = Object.entries(parameters).map(([type, rule]): [string, Rule] => [
    type,
    types.includes(type)
      ? rule
      : (_, at) => misshapen(`${at}: Format mismatch, expected ${types.join(", ").toUpperCase()}, received ${type}`),
  ]);
  return byKind("type", Object.fromEntries(rules));
}

const headerParameter = parameter("text", "image", "video", "document", "location", "product");
const bodyParameter = parameter("text", "currency", "date_time");

const header = all(object({ parameters: optional(list(headerParameter, 0, 1)) }), shortEnough(60));
const filledBody = object({ parameters: optional(list(bodyParameter, 0, Infinity)) });
const body = all(filledBody, shortEnough(1024), oneNaming);
/** Beside no other component. */
const bodyAlone = all(filledBody, shortEnough(32_768), oneNaming);

const end = object({ expiration_time_ms: whole(0, Number.MAX_SAFE_INTEGER) });
const oneOffer = byKind("type", { limited_time_offer: object({ limited_time_offer: end }) });
const offer = object({ parameters: list(oneOffer, 0, 1) });

const elsewhere: Rule = (_, at) => badParameter(`Param ${at}['type'] must be one of {HEADER, BODY, BUTTON}.`);
const ofCard = { header, body, button: templateButton, limited_time_offer: elsewhere, carousel: elsewhere };
const card = object({ card_index: whole(0, 9), components: list(byKind("type", ofCard), 0, Infinity) });
const carousel = object({ cards: list(card, 1, 10) });

const rules = { header, body, button: templateButton, limited_time_offer: offer, carousel };

const components = list(byKind("type", rules), 0, Infinity);
const aloneComponents = list(byKind("type", { body: bodyAlone }), 0, Infinity);

export const supportedTemplateComponents: readonly string[] = Object.keys(rules);

/** A template's name, language and components; whether there is such a template is another matter. */
export const template: Rule = object({
  name: pattern(/^[a-z0-9_-]{1,512}$/, "the name of a template"),
  language: object({ code: text(), policy: optional(note()) }),
  components: optional((value, at) => (isBodyAlone(value) ? aloneComponents : components)(value, at)),
});

function isBodyAlone(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => isRecord(one) && String(one["type"]).toLowerCase() === "body");
}

function shortEnough(max: number): Rule {
  return (value) => {
    const length = recordsAt(value, "parameters").reduce((sum, one) => sum + lengthOf(shownOf(one)), 0);
    return length > max ? { code: 132005, details: `Translated text too long: ${length} > ${max}` } : undefined;
  };
}

function shownOf({ text: words, currency, date_time: time }: Readonly<Record<string, unknown>>): string {
  const fallback = [currency, time].map((one) => (isRecord(one) ? one["fallback_value"] : undefined));
  return [words, ...fallback].filter((one) => typeof one === "string").join("");
}

function oneNaming(value: unknown, at: string) {
  const texts = recordsAt(value, "parameters").filter(({ type }) => type === "text");
  const named = texts.filter(({ parameter_name: name }) => name !== undefined);
  if (named.length === 0) return undefined;
  if (named.length < texts.length) return badParameterName(at);
  const names = named.map(({ parameter_name: name }) => name);
  return new Set(names).size < names.length ? badValue(`${at} names a parameter twice.`) : undefined;
}

function badParameterName(at: string) {
  return { code: 100, message: "Invalid parameter", details: `Parameter name is missing or empty in ${at}.` };
}
