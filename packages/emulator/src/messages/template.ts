import { templateButton } from "./template-button.ts";
import { document, image, video } from "./media-objects.ts";
import { location } from "./location.ts";
import {
  all,
  badValue,
  lengthOf,
  list,
  missing,
  number,
  object,
  oneOf,
  optional,
  pattern,
  recordsAt,
  type Rule,
  text,
} from "./rules.ts";

function misshapen(details: string) {
  return { code: 132012, details };
}

const parameterText: Rule = (value, at) => {
  if (value === undefined || value === "") return missing(at);
  if (typeof value !== "string") return misshapen(`Param ${at} must be a string.`);
  if (!/[\n\t]| {5}/.test(value)) return undefined;
  return { code: 132018, details: `Param ${at} cannot have new-line/tab characters or more than 4 consecutive spaces` };
};

const parameters: Readonly<Record<string, Rule>> = {
  text: object({ text: parameterText, parameter_name: optional(text()) }),
  currency: object({
    currency: object({
      fallback_value: text(),
      code: pattern(/^[A-Z]{3}$/, "a currency"),
      amount_1000: number(-1e15, 1e15),
    }),
  }),
  date_time: object({ date_time: object({ fallback_value: text() }) }),
  image: object({ image }),
  video: object({ video }),
  document: object({ document }),
  location: object({ location }),
  product: object({ product: object({ product_retailer_id: text() }) }),
};

function parameter(...types: readonly string[]): Rule {
  return all(object(), (value, at) => {
    const { type } = value as Readonly<Record<string, unknown>>;
    const rule = typeof type === "string" && types.includes(type) ? parameters[type] : undefined;
    if (rule) return rule(value, at);
    if (type === undefined) return missing(`${at}['type']`);
    return misshapen(
      `${at}: Format mismatch, expected ${types.join(", ").toUpperCase()}, received ${JSON.stringify(type)}`,
    );
  });
}

const headerParameter = parameter("text", "image", "video", "document", "location", "product");
const bodyParameter = parameter("text", "currency", "date_time");

const header = all(object({ parameters: optional(list(headerParameter, 0, 1)) }), shortEnough(60));
const body = all(object({ parameters: optional(list(bodyParameter, 0, Infinity)) }), shortEnough(1024), oneNaming);

const offer = object({
  parameters: list(
    object({ limited_time_offer: object({ expiration_time_ms: number(0, Number.MAX_SAFE_INTEGER) }) }),
    1,
    1,
  ),
});

const cardComponent = component({ header, body, button: templateButton });
const card = object({ card_index: number(0, 9), components: list(cardComponent, 1, 20) });
const carousel = object({ cards: list(card, 1, 10) });

const rules = { header, body, button: templateButton, limited_time_offer: offer, carousel };

export const supportedTemplateComponents: readonly string[] = Object.keys(rules);

/** A template's name, language and components; whether there is such a template is another matter. */
export const template: Rule = object({
  name: text(512),
  language: object({ code: text(), policy: optional(oneOf(["deterministic"])) }),
  components: optional(list(component(rules), 0, 20)),
});

function component(known: Readonly<Record<string, Rule>>): Rule {
  return all(object({ type: text() }), (value, at) => {
    const type = String((value as Readonly<Record<string, unknown>>)["type"]).toLowerCase();
    const rule = Object.hasOwn(known, type) ? known[type] : undefined;
    return rule ? rule(value, at) : oneOf(Object.keys(known))(type, `${at}['type']`);
  });
}

function shortEnough(max: number): Rule {
  return (value) => {
    const lengths = recordsAt(value, "parameters").map(({ text: words }) =>
      typeof words === "string" ? lengthOf(words) : 0,
    );
    const length = lengths.reduce((sum, one) => sum + one, 0);
    return length > max ? { code: 132005, details: `Translated text too long: ${length} > ${max}` } : undefined;
  };
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
