import { once } from "../once.ts";
import { openUnion } from "../open-union.ts";
import { type Carousel, carouselSchema } from "./carousel.ts";
import { type CatalogMessage, catalogSchema } from "./catalog.ts";
import { type CtaUrl, ctaUrlSchema } from "./cta-url.ts";
import { type Flow, flowSchema } from "./flow.ts";
import { type List, listSchema } from "./list.ts";
import { type LocationRequest, locationRequestSchema } from "./location-request.ts";
import { type Product, productSchema } from "./product.ts";
import { type ProductList, productListSchema } from "./product-list.ts";
import { type ReplyButtons, replyButtonsSchema } from "./reply-buttons.ts";

/** A kind that is sent unchecked. One that is newer than this list is accepted too; it needs a cast. */
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

/** Meta's interactive object. */
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

/** @internal */
export const interactiveSchema = once(() =>
  openUnion("type", {
    button: replyButtonsSchema(),
    list: listSchema(),
    cta_url: ctaUrlSchema(),
    flow: flowSchema(),
    product: productSchema(),
    product_list: productListSchema(),
    catalog_message: catalogSchema(),
    location_request_message: locationRequestSchema(),
    carousel: carouselSchema(),
  }),
);
