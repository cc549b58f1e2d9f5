import { z } from "zod";

import { once } from "../once.ts";
import { visibleText } from "../plain-text.ts";
import {
  type Body,
  bodySchema,
  type Footer,
  footerSchema,
  type Frame,
  framed,
  headerOf,
  headerSchemaOf,
  interactiveContent,
  type InteractiveContent,
  type TextHeader,
} from "./frame.ts";
import { sectionsOf } from "./sections.ts";

/** Up to 30 products of a catalog. */
export interface ProductList {
  readonly type: "product_list";
  readonly header: TextHeader;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: {
    readonly catalog_id: string;
    /** 1–10 sections with 30 products in total. */
    readonly sections: readonly ProductSection[];
  };
}

/** A group of products under a title. */
export interface ProductSection {
  /** Up to 24 characters; required if there is more than one section. */
  readonly title?: string;
  readonly product_items: readonly { readonly product_retailer_id: string }[];
}

const item = once(() => z.looseObject({ product_retailer_id: visibleText() }));

/** @internal */
export const productSectionsSchema = once(() => sectionsOf("product_items", item(), 30));

/** @internal */
export const productListSchema = once(() =>
  z.looseObject({
    header: headerSchemaOf("text"),
    body: bodySchema(1024),
    footer: footerSchema().optional(),
    action: z.looseObject({ catalog_id: visibleText(), sections: productSectionsSchema() }),
  }),
);

/** Up to 30 products of a catalog. */
export function productList(
  body: string,
  catalogId: string,
  sections: readonly ProductSection[],
  frame: Frame<string | TextHeader> & { readonly header: string | TextHeader },
): InteractiveContent<ProductList> {
  const header = headerOf(frame.header);
  const action = { catalog_id: catalogId, sections };
  return interactiveContent({ type: "product_list", ...framed(body, frame), header, action });
}
