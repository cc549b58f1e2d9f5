import { z } from "zod";

import { body, footer, headerOf, nothing } from "./frame.ts";
import { sectionsOf } from "./sections.ts";
import { words } from "../plain-text.ts";

export const productSections = sectionsOf("product_items", z.looseObject({ product_retailer_id: words() }), 30);

/** Meta's `interactive` of type `product`. */
export const product = z.looseObject({
  header: nothing,
  body: body(1024).optional(),
  footer: footer.optional(),
  action: z.looseObject({ catalog_id: words(), product_retailer_id: words() }),
});

/** Meta's `interactive` of type `product_list`. */
export const productList = z.looseObject({
  header: headerOf("text"),
  body: body(1024),
  footer: footer.optional(),
  action: z.looseObject({ catalog_id: words(), sections: productSections }),
});

/** Meta's `interactive` of type `catalog_message`. */
export const catalogMessage = z.looseObject({
  body: body(1024),
  footer: footer.optional(),
  action: z.looseObject({
    name: z.literal("catalog_message"),
    parameters: z.looseObject({ thumbnail_product_retailer_id: words().optional() }).optional(),
  }),
});
