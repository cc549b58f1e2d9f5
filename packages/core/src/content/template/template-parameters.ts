import { z } from "zod";

import { besideOthers, elementsOf, fieldsOf } from "../cross-field.ts";
import { knownOrOther } from "../open-union.ts";
import { locationContent } from "../location-schema.ts";
import { documentContent, imageContent, videoContent } from "../media-schema.ts";
import { wholeNumber } from "../whole-number.ts";
import { filling, words } from "../plain-text.ts";

/** The longest header, and the longest body beside other components and alone, with their gaps filled. */
const longest = { header: 60, body: 1024, bodyAlone: 32_768 };

function text(most: number) {
  return z.looseObject({ text: filling(most), parameter_name: words().optional() });
}

const product = z.looseObject({ product_retailer_id: words(), catalog_id: words().optional() });

const headerParameter = knownOrOther("type", {
  text: text(longest.header),
  image: z.looseObject({ image: imageContent }),
  video: z.looseObject({ video: videoContent }),
  document: z.looseObject({ document: documentContent }),
  location: z.looseObject({ location: locationContent }),
  product: z.looseObject({ product }),
});

export const headerParameters = z.array(headerParameter).max(1);

/** A template counts its gaps or names them, so that of the texts all or none have a `parameter_name`. */
function bodyParametersOf(most: number) {
  const fallback_value = filling(most);
  const currency = z.looseObject({
    fallback_value,
    code: z.string().regex(/^[A-Z]{3}$/, { error: "is not a currency of ISO 4217" }),
    amount_1000: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  });
  const parameter = knownOrOther("type", {
    text: text(most),
    currency: z.looseObject({ currency }),
    date_time: z.looseObject({ date_time: z.looseObject({ fallback_value }) }),
  });
  return z.array(parameter).superRefine((parameters, context) => {
    const texts = [...elementsOf(parameters).map(fieldsOf).entries()].filter(([, { type }]) => type === "text");
    const unnamed = texts.filter(([, { parameter_name: name }]) => name === undefined);
    for (const [at] of unnamed.length < texts.length ? unnamed : []) {
      context.addIssue({ code: "custom", path: [at, "parameter_name"], message: "is missing beside named parameters" });
    }
  }, besideOthers);
}

export const bodyParameters = bodyParametersOf(longest.body);
export const parametersOfBodyAlone = bodyParametersOf(longest.bodyAlone);
