import type { Location } from "../location.ts";
import type { Document, Image, Video } from "../media.ts";
import type { TemplateButton } from "./template-button.ts";

/** A message that WhatsApp has approved before, with what fills its gaps. */
export interface Template {
  /** Lower-case letters, digits and underscores. */
  readonly name: string;
  readonly language: TemplateLanguage;
  readonly components?: readonly TemplateComponent[];
}

export interface TemplateLanguage {
  /** Such as `en_US`. */
  readonly code: string;
  /** `deterministic`, as Meta documents it. */
  readonly policy?: string;
}

export type TemplateComponent =
  | TemplateHeader
  | TemplateBody
  | TemplateButton
  | LimitedTimeOffer
  | { readonly type: "carousel"; readonly cards: readonly TemplateCard[] };

export interface TemplateHeader {
  readonly type: "header";
  /** One. */
  readonly parameters: readonly HeaderParameter[];
}

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

export interface TemplateBody {
  readonly type: "body";
  /** By place, or each with its `parameter_name`. */
  readonly parameters: readonly BodyParameter[];
}

export type BodyParameter = TextParameter | CurrencyParameter | DateTimeParameter;

export interface TextParameter {
  readonly type: "text";
  /**
   * One line without tabs and without more than four spaces in a row. Up to 60 characters in a header and 1,024 in a body;
   * 32,768 in a body that is the only component.
   */
  readonly text: string;
  /** Where the template names its parameters. */
  readonly parameter_name?: string;
}

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

export interface DateTimeParameter {
  readonly type: "date_time";
  readonly date_time: {
    /** What is shown. */
    readonly fallback_value: string;
  };
  readonly parameter_name?: string;
}

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
