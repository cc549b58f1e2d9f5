import { isRecord, recordsAt } from "../../json/records.ts";
import { locationObject } from "./location.ts";
import { documentObject, imageObject, videoObject } from "./media-objects.ts";
import {
  allOf,
  array,
  badParameter,
  badValue,
  byType,
  integer,
  lengthOf,
  nonEmptyText,
  object,
  optional,
  orRequired,
  pattern,
  type Rule,
  text,
} from "./rules.ts";
import { templateButton } from "./template-button.ts";
import { formatMismatch, parameterText, textOfParameter } from "./template-parameter.ts";

const parameters: Readonly<Record<string, Rule>> = {
  text: object({ text: textOfParameter, parameter_name: optional(nonEmptyText()) }),
  currency: object({
    currency: object({
      fallback_value: parameterText,
      code: pattern(/^[A-Z]{3}$/, "a currency code"),
      amount_1000: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    }),
  }),
  date_time: object({ date_time: object({ fallback_value: parameterText }) }),
  image: object({ image: imageObject }),
  video: object({ video: videoObject }),
  document: object({ document: documentObject }),
  location: object({ location: locationObject }),
  product: object({ product: object({ product_retailer_id: nonEmptyText() }) }),
};

/** A parameter of one of these types, or of an unknown type. The other known types are a format mismatch. */
function parameter(...types: readonly string[]): Rule {
  const rules = Object.entries(parameters).map(([type, rule]): [string, Rule] => [
    type,
    types.includes(type)
      ? rule
      : (_, at) =>
          formatMismatch(`${at}: Format mismatch, expected ${types.join(", ").toUpperCase()}, received ${type}`),
  ]);
  return byType("type", Object.fromEntries(rules));
}

const headerParameter = parameter("text", "image", "video", "document", "location", "product");
const bodyParameter = parameter("text", "currency", "date_time");

const header = allOf(object({ parameters: optional(array(headerParameter, 0, 1)) }), maxVisibleLength(60));
const filledBody = object({ parameters: optional(array(bodyParameter, 0, Infinity)) });
const body = allOf(filledBody, maxVisibleLength(1024), checkParameterNames);
/** The limit is higher when the body is the only component. */
const bodyOnly = allOf(filledBody, maxVisibleLength(32_768), checkParameterNames);

const end = object({ expiration_time_ms: integer(0, Number.MAX_SAFE_INTEGER) });
const offerParameter = byType("type", { limited_time_offer: object({ limited_time_offer: end }) });
const offer = object({ parameters: array(offerParameter, 0, 1) });

const notInCard: Rule = (_, at) => badParameter(`Param ${at}['type'] must be one of {HEADER, BODY, BUTTON}.`);
const cardComponents = { header, body, button: templateButton, limited_time_offer: notInCard, carousel: notInCard };
const card = object({ card_index: integer(0, 9), components: array(byType("type", cardComponents), 0, Infinity) });
const carousel = object({ cards: array(card, 1, 10) });

const rules = { header, body, button: templateButton, limited_time_offer: offer, carousel };

const components = array(byType("type", rules), 0, Infinity);
const bodyOnlyComponents = array(byType("type", { body: bodyOnly }), 0, Infinity);

/** @internal The coverage matrix lists them. */
export const supportedTemplateComponents: readonly string[] = Object.keys(rules);

/** A template's name, language and components. Whether the template exists is checked elsewhere. */
export const template: Rule = object({
  name: orRequired(pattern(/^[a-z0-9_-]{1,512}$/, "a template name")),
  language: orRequired(object({ code: orRequired(nonEmptyText()), policy: optional(text()) })),
  components: optional((value, at) => (isBodyOnly(value) ? bodyOnlyComponents : components)(value, at)),
});

function isBodyOnly(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => isRecord(one) && String(one["type"]).toLowerCase() === "body");
}

function maxVisibleLength(max: number): Rule {
  return (value) => {
    const length = recordsAt(value, "parameters").reduce((sum, one) => sum + lengthOf(visibleText(one)), 0);
    return length > max ? { code: 132005, details: `Translated text too long: ${length} > ${max}` } : undefined;
  };
}

function visibleText({ text: words, currency, date_time: time }: Readonly<Record<string, unknown>>): string {
  const fallback = [currency, time].map((one) => (isRecord(one) ? one["fallback_value"] : undefined));
  return [words, ...fallback].filter((one) => typeof one === "string").join("");
}

function checkParameterNames(value: unknown, at: string) {
  const texts = recordsAt(value, "parameters").filter(({ type }) => type === "text");
  const named = texts.filter(({ parameter_name: name }) => name !== undefined);
  if (named.length === 0) return undefined;
  if (named.length < texts.length) return badParameterName(at);
  const names = named.map(({ parameter_name: name }) => name);
  return new Set(names).size < names.length ? badValue(`${at} has two parameters with the same name.`) : undefined;
}

function badParameterName(at: string) {
  return { code: 100, message: "Invalid parameter", details: `Parameter name is missing or empty in ${at}.` };
}
