import { z } from "zod";

import { alwaysRun, elementsOf, fieldsOf } from "../cross-field.ts";
import { type Location, locationSchema } from "../location.ts";
import { type Document, documentSchema, type Image, imageSchema, type Video, videoSchema } from "../media.ts";
import { once } from "../once.ts";
import { openUnion } from "../open-union.ts";
import { parameterText, visibleText } from "../plain-text.ts";
import { wholeNumber } from "../whole-number.ts";

/** The parameter of a template's header. */
export type HeaderParameter =
  | TextParameter
  | { readonly type: "image"; readonly image: Image }
  | { readonly type: "video"; readonly video: Video }
  | { readonly type: "document"; readonly document: Document }
  | { readonly type: "location"; readonly location: Location }
  | {
      readonly type: "product";
      readonly product: { readonly product_retailer_id: string; readonly catalog_id?: string };
    };

/** A parameter of a template's body. */
export type BodyParameter = TextParameter | CurrencyParameter | DateTimeParameter;

/** A parameter that is a text. */
export interface TextParameter {
  readonly type: "text";
  /**
   * One line without tabs and with at most four consecutive spaces. Up to 60 characters in a header and 1,024 in a body;
   * 32,768 in a body that is the only component.
   */
  readonly text: string;
  /** Required if the template names its parameters. */
  readonly parameter_name?: string;
}

/** A parameter that is an amount of money. */
export interface CurrencyParameter {
  readonly type: "currency";
  readonly currency: {
    readonly fallback_value: string;
    /** Three letters, ISO 4217. */
    readonly code: string;
    /** The amount times 1,000. */
    readonly amount_1000: number | string;
  };
  readonly parameter_name?: string;
}

/** A parameter that is a time. */
export interface DateTimeParameter {
  readonly type: "date_time";
  readonly date_time: {
    /** The text that is shown. */
    readonly fallback_value: string;
  };
  readonly parameter_name?: string;
}

/** The longest text of a header, of a body beside other components, and of a body alone. */
const longest = { header: 60, body: 1024, bodyAlone: 32_768 };

function textSchema(max: number) {
  return z.looseObject({ text: parameterText(max), parameter_name: visibleText().optional() });
}

const product = once(() => z.looseObject({ product_retailer_id: visibleText(), catalog_id: visibleText().optional() }));

const headerParameter = once(() =>
  openUnion("type", {
    text: textSchema(longest.header),
    image: z.looseObject({ image: imageSchema() }),
    video: z.looseObject({ video: videoSchema() }),
    document: z.looseObject({ document: documentSchema() }),
    location: z.looseObject({ location: locationSchema() }),
    product: z.looseObject({ product: product() }),
  }),
);

/** @internal */
export const headerParametersSchema = once(() => z.array(headerParameter()).max(1));

/** A template either numbers or names its parameters, so either all texts have a `parameter_name` or none has. */
function bodyParametersSchemaOf(max: number) {
  const fallback_value = parameterText(max);
  const currency = z.looseObject({
    fallback_value,
    code: z.string().regex(/^[A-Z]{3}$/, { error: "must be an ISO 4217 currency code" }),
    amount_1000: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  });
  const parameter = openUnion("type", {
    text: textSchema(max),
    currency: z.looseObject({ currency }),
    date_time: z.looseObject({ date_time: z.looseObject({ fallback_value }) }),
  });
  return z.array(parameter).superRefine((parameters, context) => {
    const texts = [...elementsOf(parameters).map(fieldsOf).entries()].filter(([, { type }]) => type === "text");
    const unnamed = texts.filter(([, { parameter_name: name }]) => name === undefined);
    for (const [at] of unnamed.length < texts.length ? unnamed : []) {
      context.addIssue({
        code: "custom",
        path: [at, "parameter_name"],
        message: "is required because other parameters are named",
      });
    }
  }, alwaysRun);
}

/** @internal */
export const bodyParametersSchema = once(() => bodyParametersSchemaOf(longest.body));
/** @internal */
export const bodyAloneParametersSchema = once(() => bodyParametersSchemaOf(longest.bodyAlone));

/** The text parameters of a template: numbered from an array, named from an object. */
export function textParameters(values: readonly string[] | Readonly<Record<string, string>>): TextParameter[] {
  if (isList(values)) return values.map((text) => ({ type: "text", text }));
  return Object.entries(values).map(([parameter_name, text]) => ({ type: "text", parameter_name, text }));
}

function isList(values: readonly string[] | Readonly<Record<string, string>>): values is readonly string[] {
  return Array.isArray(values);
}
