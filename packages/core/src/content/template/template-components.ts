import { z } from "zod";

import { fieldsOf } from "../cross-field.ts";
import { errorMap } from "../error-map.ts";
import { once } from "../once.ts";
import { openUnion } from "../open-union.ts";
import { wholeNumber } from "../whole-number.ts";
import { type TemplateButton, templateButtonSchema } from "./template-button.ts";
import {
  bodyAloneParametersSchema,
  type BodyParameter,
  bodyParametersSchema,
  type HeaderParameter,
  headerParametersSchema,
} from "./template-parameters.ts";

/** The parameters of one part of a template. */
export type TemplateComponent =
  | TemplateHeader
  | TemplateBody
  | TemplateButton
  | LimitedTimeOffer
  | { readonly type: "carousel"; readonly cards: readonly TemplateCard[] };

/** The parameter of the header. */
export interface TemplateHeader {
  readonly type: "header";
  /** Exactly one. */
  readonly parameters: readonly HeaderParameter[];
}

/** The parameters of the body. */
export interface TemplateBody {
  readonly type: "body";
  /** In the order of their numbers, or each with its `parameter_name`. */
  readonly parameters: readonly BodyParameter[];
}

/** The end of a limited-time offer. */
export interface LimitedTimeOffer {
  readonly type: "limited_time_offer";
  readonly parameters: readonly {
    readonly type: "limited_time_offer";
    readonly limited_time_offer: {
      /** Milliseconds since 1970. */
      readonly expiration_time_ms: number | string;
    };
  }[];
}

/** One of up to 10 cards. */
export interface TemplateCard {
  /** 0–9. */
  readonly card_index: number | string;
  readonly components: readonly (TemplateHeader | TemplateBody | TemplateButton)[];
}

const end = once(() => z.looseObject({ expiration_time_ms: wholeNumber(0, Number.MAX_SAFE_INTEGER) }));
const offer = once(() => openUnion("type", { limited_time_offer: z.looseObject({ limited_time_offer: end() }) }));

const parts = () => ({
  header: z.looseObject({ parameters: headerParametersSchema().optional() }),
  body: z.looseObject({ parameters: bodyParametersSchema().optional() }),
  button: templateButtonSchema(),
});

const card = once(() =>
  z.looseObject({ card_index: wholeNumber(0, 9), components: z.array(openUnion("type", parts())) }),
);

const kinds = () => ({
  ...parts(),
  limited_time_offer: z.looseObject({ parameters: z.array(offer()).max(1) }),
  carousel: z.looseObject({ cards: z.array(card()).min(1).max(10) }),
});
const component = once(() => openUnion("type", kinds()));

const longBody = once(() => z.looseObject({ parameters: bodyAloneParametersSchema().optional() }));
const bodyAlone = once(() => openUnion("type", { body: longBody() }));
const anyComponents = once(() => z.array(component()));
const onlyBody = once(() => z.array(bodyAlone()));

/**
 * A body beside other components holds 1,024 characters (Meta's documentation; `business-messaging-api_v23.0.yaml` allows
 * 32,768). @internal
 */
export const templateComponentsSchema = once(() =>
  z.array(z.unknown()).check((payload) => {
    const schema = payload.value.every(isBody) ? onlyBody() : anyComponents();
    const issues = schema.safeParse(payload.value, { error: errorMap }).error?.issues ?? [];
    for (const { path, message } of issues) payload.issues.push({ code: "custom", path, message, input: undefined });
  }),
);

/** Admits what any combination of components may have. For JSON schema, which does not see the check above. @internal */
export const describedComponentsSchema = once(() => z.array(openUnion("type", { ...kinds(), body: longBody() })));

function isBody(given: unknown): boolean {
  const { type } = fieldsOf(given);
  return typeof type === "string" && type.toLowerCase() === "body";
}
