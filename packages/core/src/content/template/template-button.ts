import type { ProductSection } from "../interactive/interactive.ts";

interface Button {
  readonly type: "button";
  /** 0–9, the place of the button in the template. */
  readonly index: number | string;
}

/** What fills a button of a template. A parameter that is newer than this list passes too; it needs a cast. */
export type TemplateButton =
  | QuickReplyTemplateButton
  | UrlTemplateButton
  | CopyCodeTemplateButton
  | FlowTemplateButton
  | CatalogTemplateButton
  | ProductsTemplateButton
  | OtherTemplateButton;

export interface QuickReplyTemplateButton extends Button {
  readonly sub_type: "quick_reply";
  readonly parameters: readonly {
    readonly type: "payload";
    /** Comes back in the webhook of a tap. */
    readonly payload: string;
  }[];
}

export interface UrlTemplateButton extends Button {
  readonly sub_type: "url";
  readonly parameters: readonly {
    readonly type: "text";
    /** The end of the URL, or the code of an authentication template. */
    readonly text: string;
  }[];
}

export interface CopyCodeTemplateButton extends Button {
  readonly sub_type: "copy_code";
  readonly parameters: readonly {
    readonly type: "coupon_code";
    /** Up to 20 characters. */
    readonly coupon_code: string;
  }[];
}

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

export interface CatalogTemplateButton extends Button {
  readonly sub_type: "catalog" | "CATALOG";
  readonly parameters?: readonly {
    readonly type: "action";
    readonly action: { readonly thumbnail_product_retailer_id?: string };
  }[];
}

export interface ProductsTemplateButton extends Button {
  readonly sub_type: "mpm";
  readonly parameters: readonly {
    readonly type: "action";
    readonly action: {
      readonly thumbnail_product_retailer_id?: string;
      /** 1–10 sections with 30 products in all. */
      readonly sections?: readonly ProductSection[];
    };
  }[];
}

/** A kind whose parameters pass as they are, unchecked. One that is newer than this list passes too; it needs a cast. */
export interface OtherTemplateButton extends Button {
  readonly sub_type: "order_details" | "voice_call";
  readonly parameters?: readonly object[];
}
