import type { Carousel } from "./carousel.ts";
import type { Document, Image, Video } from "../media.ts";

export interface TextHeader {
  readonly type: "text";
  /** Up to 60 characters. */
  readonly text: string;
}

/** What stands above the body. A kind that is newer than this list passes too; it needs a cast. */
export type Header =
  | TextHeader
  | { readonly type: "image"; readonly image: Image }
  | { readonly type: "video"; readonly video: Video }
  | { readonly type: "document"; readonly document: Document };

export interface Body {
  /** Up to 1,024 characters; 4,096 in a list. */
  readonly text: string;
}

export interface Footer {
  /** Up to 60 characters. */
  readonly text: string;
}

/** 1–3 buttons; a tap on one is a reply. With links, which come first: up to 10, of which 2 are links. */
export interface ReplyButtons {
  readonly type: "button";
  readonly header?: Header;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: { readonly buttons: readonly (ReplyButton | LinkButton)[] };
}

interface LinkButton {
  readonly type: "cta_url";
  readonly cta_url: CtaUrlParameters;
}

export interface ReplyButton {
  readonly type: "reply";
  readonly reply: Reply;
}

export interface Reply {
  /** Up to 256 characters, no space around it. Comes back in the webhook of a tap. */
  readonly id: string;
  /** Up to 20 characters, unique. */
  readonly title: string;
}

/** A menu of up to 10 rows, behind a button. */
export interface List {
  readonly type: "list";
  readonly header?: TextHeader;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: {
    /** Up to 20 characters. */
    readonly button: string;
    /** 1–10 sections with 10 rows in all. */
    readonly sections: readonly ListSection[];
  };
}

export interface ListSection {
  /** Up to 24 characters; needed where there is more than one section. */
  readonly title?: string;
  readonly rows: readonly ListRow[];
}

export interface ListRow {
  /** Up to 200 characters. Comes back in the webhook of a choice. */
  readonly id: string;
  /** Up to 24 characters. */
  readonly title: string;
  /** Up to 72 characters. */
  readonly description?: string;
}

/** One button that opens a web page. */
export interface CtaUrl {
  readonly type: "cta_url";
  readonly header?: Header;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: { readonly name: "cta_url"; readonly parameters: CtaUrlParameters };
}

export interface CtaUrlParameters {
  /** Up to 20 characters. */
  readonly display_text: string;
  /** http or https; opened in the customer's browser. */
  readonly url: string;
}

/** One button that opens a form. */
export interface Flow {
  readonly type: "flow";
  readonly header?: Header;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: { readonly name: "flow"; readonly parameters: FlowParameters };
}

/** Names the flow by its id or by its name. */
export type FlowParameters = (
  | { readonly flow_id: string; readonly flow_name?: never }
  | { readonly flow_name: string; readonly flow_id?: never }
) & {
  /** `3`, as Meta documents it. */
  readonly flow_message_version: string;
  /** Up to 30 characters, no emoji. */
  readonly flow_cta: string;
  /** `draft` or `published`, which is the default. */
  readonly mode?: string;
  /** Comes back with what the customer filled in. Default: `unused`. */
  readonly flow_token?: string;
  /** `navigate`, which is the default, or `data_exchange`. */
  readonly flow_action?: string;
  readonly flow_action_payload?: {
    /** The first screen. */
    readonly screen?: string;
    /** Never empty. */
    readonly data?: Readonly<Record<string, unknown>>;
  };
};

/** One product of a catalog. */
export interface Product {
  readonly type: "product";
  readonly body?: Body;
  readonly footer?: Footer;
  readonly action: { readonly catalog_id: string; readonly product_retailer_id: string };
}

/** Up to 30 products of a catalog. */
export interface ProductList {
  readonly type: "product_list";
  readonly header: TextHeader;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: {
    readonly catalog_id: string;
    /** 1–10 sections with 30 products in all. */
    readonly sections: readonly ProductSection[];
  };
}

export interface ProductSection {
  /** Up to 24 characters; needed where there is more than one section. */
  readonly title?: string;
  readonly product_items: readonly { readonly product_retailer_id: string }[];
}

/** The whole catalog. */
export interface CatalogMessage {
  readonly type: "catalog_message";
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: {
    readonly name: "catalog_message";
    readonly parameters?: {
      /** Default: the first product of the catalog. */
      readonly thumbnail_product_retailer_id?: string;
    };
  };
}

/** One button with which the customer tells where they are. */
export interface LocationRequest {
  readonly type: "location_request_message";
  readonly body: Body;
  readonly action: { readonly name: "send_location" };
}

/** A kind that passes as it is, unchecked. One that is newer than this list passes too; it needs a cast. */
export interface OtherInteractive {
  readonly type:
    | "address_message"
    | "call_permission_request"
    | "order_details"
    | "order_status"
    | "request_contact_info"
    | "voice_call";
  readonly [field: string]: unknown;
}

export type Interactive =
  | ReplyButtons
  | List
  | CtaUrl
  | Flow
  | Product
  | ProductList
  | CatalogMessage
  | LocationRequest
  | Carousel
  | OtherInteractive;
