import { z } from "zod";

import { carousel } from "./carousel-schema.ts";
import { flow } from "./flow.ts";
import { body, ctaUrlParameters, footer, header } from "./frame.ts";
import { knownOrOther } from "../open-union.ts";
import { list } from "./list.ts";
import { catalogMessage, product, productList } from "./products.ts";
import { replyButtons } from "./reply-buttons.ts";

const ctaUrl = z.looseObject({
  header: header.optional(),
  body: body(1024),
  footer: footer.optional(),
  action: z.looseObject({ name: z.literal("cta_url"), parameters: ctaUrlParameters }),
});

const locationRequest = z.looseObject({
  body: body(1024),
  action: z.looseObject({ name: z.literal("send_location") }),
});

/** Meta's interactive object. */
export const interactiveContent = knownOrOther("type", {
  button: replyButtons,
  list,
  cta_url: ctaUrl,
  flow,
  product,
  product_list: productList,
  catalog_message: catalogMessage,
  location_request_message: locationRequest,
  carousel,
});
