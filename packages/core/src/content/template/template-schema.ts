import { z } from "zod";

import { cardIndex } from "../interactive/carousel-schema.ts";
import { fieldsOf } from "../cross-field.ts";
import { knownOrOther } from "../open-union.ts";
import { templateButton } from "./template-button-schema.ts";
import { bodyParameters, headerParameters, parametersOfBodyAlone } from "./template-parameters.ts";
import { wholeNumber } from "../whole-number.ts";
import { wording } from "../error-map.ts";
import { note } from "../plain-text.ts";

const end = z.looseObject({ expiration_time_ms: wholeNumber(0, Number.MAX_SAFE_INTEGER) });
const offer = knownOrOther("type", { limited_time_offer: z.looseObject({ limited_time_offer: end }) });

const parts = {
  header: z.looseObject({ parameters: headerParameters.optional() }),
  body: z.looseObject({ parameters: bodyParameters.optional() }),
  button: templateButton,
};

const card = z.looseObject({ card_index: cardIndex, components: z.array(knownOrOther("type", parts)) });

const component = knownOrOther("type", {
  ...parts,
  limited_time_offer: z.looseObject({ parameters: z.array(offer).max(1) }),
  carousel: z.looseObject({ cards: z.array(card).min(1).max(10) }),
});

const bodyAlone = knownOrOther("type", {
  body: z.looseObject({ parameters: parametersOfBodyAlone.optional() }),
});
const anyComponents = z.array(component);
const onlyBody = z.array(bodyAlone);

/** The 1,024 characters of a body hold beside other components (Meta; `business-messaging-api_v23.0.yaml` has 32,768). */
const components = z.array(z.unknown()).check((payload) => {
  const schema = payload.value.every(isBody) ? onlyBody : anyComponents;
  const issues = schema.safeParse(payload.value, { error: wording }).error?.issues ?? [];
  for (const { path, message } of issues) payload.issues.push({ code: "custom", path, message, input: undefined });
});

function isBody(given: unknown): boolean {
  const { type } = fieldsOf(given);
  return typeof type === "string" && type.toLowerCase() === "body";
}

/** Meta's template object. The documentation allows a name no hyphen, and Meta's own examples have one. */
export const templateContent = z.looseObject({
  name: z.string().regex(/^[a-z0-9_-]{1,512}$/, { error: "is not 1–512 of a–z, 0–9, _ and -" }),
  language: z.looseObject({
    code: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, { error: "is not the code of a language" }),
    policy: note().optional(),
  }),
  components: components.optional(),
});
