import { z } from "zod";

import { once } from "../once.ts";
import { visibleText } from "../plain-text.ts";
import {
  type Body,
  bodySchema,
  type Footer,
  footerSchema,
  interactiveContent,
  type InteractiveContent,
  notAllowed,
} from "./frame.ts";

/** One product of a catalog. */
export interface Product {
  readonly type: "product";
  readonly body?: Body;
  readonly footer?: Footer;
  readonly action: { readonly catalog_id: string; readonly product_retailer_id: string };
}

/** @internal */
export const productSchema = once(() =>
  z.looseObject({
    header: notAllowed(),
    body: bodySchema(1024).optional(),
    footer: footerSchema().optional(),
    action: z.looseObject({ catalog_id: visibleText(), product_retailer_id: visibleText() }),
  }),
);

/** One product of a catalog. */
export function product(
  catalogId: string,
  productRetailerId: string,
  { body, footer }: { readonly body?: string; readonly footer?: string } = {},
): InteractiveContent<Product> {
  return interactiveContent({
    type: "product",
    ...(body !== undefined && { body: { text: body } }),
    ...(footer !== undefined && { footer: { text: footer } }),
    action: { catalog_id: catalogId, product_retailer_id: productRetailerId },
  });
}
