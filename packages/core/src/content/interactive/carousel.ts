import type { Body, CtaUrlParameters, Header, Reply, ReplyButton } from "./interactive.ts";

/**
 * 2–10 cards side by side, all of one kind. The message itself has neither header nor footer. A kind of card that is newer
 * than this list passes too; it needs a cast.
 */
export interface Carousel {
  readonly type: "carousel";
  readonly body: Body;
  readonly action: { readonly cards: readonly MediaCard[] | readonly ProductCard[] };
}

/** A picture or a film with a text and buttons. All cards have the same kind of header, and the same kind and number of buttons. */
export interface MediaCard {
  /** 0–9, unique. */
  readonly card_index: number | string;
  readonly type: "cta_url";
  readonly header: Extract<Header, { readonly type: "image" | "video" }>;
  /** Up to 160 characters and two line breaks. */
  readonly body?: Body;
  readonly action:
    | { readonly name: "cta_url"; readonly parameters: CtaUrlParameters }
    | { readonly buttons: readonly (QuickReplyButton | ReplyButton)[] };
}

export interface QuickReplyButton {
  readonly type: "quick_reply";
  readonly quick_reply: Reply;
}

/** A product; all cards are of the same catalog. */
export interface ProductCard {
  /** 0–9, unique. */
  readonly card_index: number | string;
  readonly type: "product";
  readonly action: { readonly product_retailer_id: string; readonly catalog_id: string };
}
