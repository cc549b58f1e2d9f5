import type { Content } from "../content.ts";
import type { MediaCard, ProductCard } from "./carousel.ts";
import type {
  Body,
  CtaUrlParameters,
  FlowParameters,
  Footer,
  Header,
  Interactive,
  ListSection,
  ProductSection,
  Reply,
  TextHeader,
} from "./interactive.ts";

/** What may stand around the body: `header` (a string is a text) and `footer`. */
export interface Frame<H = string | Header> {
  readonly header?: H;
  readonly footer?: string;
}

/** 1–3 buttons; a tap on one is a reply. */
export function buttons(body: string, replies: readonly Reply[], frame: Frame = {}): Content {
  const action = { buttons: replies.map((reply) => ({ type: "reply", reply }) as const) };
  return interactive({ type: "button", ...framed(body, frame), action });
}

/** A menu of up to 10 rows, behind a button. */
export function list(
  body: string,
  button: string,
  sections: readonly ListSection[],
  frame: Frame<string | TextHeader> = {},
): Content {
  return interactive({ type: "list", ...framed(body, frame), action: { button, sections } });
}

/** One button that opens a web page. */
export function ctaUrl(body: string, parameters: CtaUrlParameters, frame: Frame = {}): Content {
  return interactive({ type: "cta_url", ...framed(body, frame), action: { name: "cta_url", parameters } });
}

/** One button that opens a form. */
export function flow(body: string, parameters: FlowParameters, frame: Frame = {}): Content {
  return interactive({ type: "flow", ...framed(body, frame), action: { name: "flow", parameters } });
}

/** One product of a catalog. */
export function product(
  catalog_id: string,
  product_retailer_id: string,
  around: { readonly body?: string; readonly footer?: string } = {},
): Content {
  const { body, footer } = around;
  return interactive({
    type: "product",
    ...(body !== undefined && { body: { text: body } }),
    ...(footer !== undefined && { footer: { text: footer } }),
    action: { catalog_id, product_retailer_id },
  });
}

/** Up to 30 products of a catalog. */
export function productList(
  body: string,
  catalog_id: string,
  sections: readonly ProductSection[],
  frame: Frame<string | TextHeader> & { readonly header: string | TextHeader },
): Content {
  const header = headerOf(frame.header);
  return interactive({ type: "product_list", ...framed(body, frame), header, action: { catalog_id, sections } });
}

/** The whole catalog. */
export function catalog(
  body: string,
  options: { readonly thumbnail_product_retailer_id?: string; readonly footer?: string } = {},
): Content {
  const { footer, ...parameters } = options;
  const action = { name: "catalog_message", ...(Object.keys(parameters).length > 0 && { parameters }) } as const;
  return interactive({
    type: "catalog_message",
    ...framed<never>(body, footer === undefined ? {} : { footer }),
    action,
  });
}

/** One button with which the customer tells where they are. */
export function locationRequest(body: string): Content {
  return interactive({ type: "location_request_message", body: { text: body }, action: { name: "send_location" } });
}

/** 2–10 cards side by side; their order gives each its `card_index`. */
export function carousel(
  body: string,
  cards: readonly Omit<MediaCard, "card_index">[] | readonly Omit<ProductCard, "card_index">[],
): Content {
  const indexed = cards.map((card, card_index) => ({ card_index, ...card })) as MediaCard[] | ProductCard[];
  return interactive({ type: "carousel", body: { text: body }, action: { cards: indexed } });
}

function interactive(interactive: Interactive): Content {
  return { type: "interactive", interactive };
}

function framed<H extends Header>(
  text: string,
  { header, footer }: Frame<string | H>,
): { readonly header?: H | TextHeader; readonly body: Body; readonly footer?: Footer } {
  return {
    ...(header !== undefined && { header: headerOf(header) }),
    body: { text },
    ...(footer !== undefined && { footer: { text: footer } }),
  };
}

function headerOf<H extends Header>(header: string | H): H | TextHeader {
  return typeof header === "string" ? { type: "text", text: header } : header;
}
