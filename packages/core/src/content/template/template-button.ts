import { z } from "zod";

import { type ProductSection, productSectionsSchema } from "../interactive/product-list.ts";
import { once } from "../once.ts";
import { openUnion } from "../open-union.ts";
import { parameterText, plainText } from "../plain-text.ts";
import { wholeNumber } from "../whole-number.ts";

/** What every button of a template has. */
interface Button {
  readonly type: "button";
  /** 0–9, the position of the button in the template. */
  readonly index: number | string;
}

/** The parameters of a template's button. A parameter that is newer than this list is accepted too; it needs a cast. */
export type TemplateButton =
  | QuickReplyTemplateButton
  | UrlTemplateButton
  | CopyCodeTemplateButton
  | FlowTemplateButton
  | CatalogTemplateButton
  | ProductsTemplateButton
  | OtherTemplateButton;

/** The payload of a quick reply button. */
export interface QuickReplyTemplateButton extends Button {
  readonly sub_type: "quick_reply";
  readonly parameters: readonly {
    readonly type: "payload";
    /** The webhook of a tap returns it. */
    readonly payload: string;
  }[];
}

/** The end of a link button's URL. */
export interface UrlTemplateButton extends Button {
  readonly sub_type: "url";
  readonly parameters: readonly {
    readonly type: "text";
    /** The end of the URL, or the code of an authentication template. */
    readonly text: string;
  }[];
}

/** The code that a button copies. */
export interface CopyCodeTemplateButton extends Button {
  readonly sub_type: "copy_code";
  readonly parameters: readonly {
    readonly type: "coupon_code";
    /** Up to 20 characters. */
    readonly coupon_code: string;
  }[];
}

/** The data of a button that opens a form. */
export interface FlowTemplateButton extends Button {
  readonly sub_type: "flow";
  readonly parameters?: readonly {
    readonly type: "action";
    readonly action: {
      /** Default: `unused`. */
      readonly flow_token?: string;
      readonly flow_action_data?: Readonly<Record<string, unknown>>;
    };
  }[];
}

/** The thumbnail of a button that opens the catalog. */
export interface CatalogTemplateButton extends Button {
  readonly sub_type: "catalog" | "CATALOG";
  readonly parameters?: readonly {
    readonly type: "action";
    readonly action: { readonly thumbnail_product_retailer_id?: string };
  }[];
}

/** The products of a button that opens a product list. */
export interface ProductsTemplateButton extends Button {
  readonly sub_type: "mpm";
  readonly parameters: readonly {
    readonly type: "action";
    readonly action: {
      readonly thumbnail_product_retailer_id?: string;
      /** 1–10 sections with 30 products in total. */
      readonly sections?: readonly ProductSection[];
    };
  }[];
}

/** A kind whose parameters are sent unchecked. One that is newer than this list is accepted too; it needs a cast. */
export interface OtherTemplateButton extends Button {
  readonly sub_type: "order_details" | "voice_call";
  readonly parameters?: readonly object[];
}

/** Parameters of one known type. Those of any other type, which Meta may add, pass unchecked. */
function parametersSchema<S extends z.core.$ZodLooseShape>(type: string, shape: S) {
  return z.looseObject({ parameters: z.array(openUnion("type", { [type]: z.looseObject(shape) })).optional() });
}

const thumbnail = () => ({ thumbnail_product_retailer_id: plainText().optional() });

const flowAction = () => ({ flow_token: plainText().optional(), flow_action_data: z.looseObject({}).optional() });

const kinds = () => ({
  // Meta's sample of an issue resolution has a text instead, which is true or false.
  quick_reply: parametersSchema("payload", { payload: plainText() }),
  url: parametersSchema("text", { text: parameterText() }),
  copy_code: parametersSchema("coupon_code", { coupon_code: parameterText(20) }),
  flow: parametersSchema("action", { action: z.looseObject(flowAction()) }),
  catalog: parametersSchema("action", { action: z.looseObject(thumbnail()) }),
  mpm: parametersSchema("action", {
    action: z.looseObject({ ...thumbnail(), sections: productSectionsSchema().optional() }),
  }),
});

/** @internal */
export const templateButtonSchema = once(() => openUnion("sub_type", kinds(), { index: wholeNumber(0, 9) }));
