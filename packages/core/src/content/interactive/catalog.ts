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
} from "./frame.ts";

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

/** @internal */
export const catalogSchema = once(() =>
  z.looseObject({
    body: bodySchema(1024),
    footer: footerSchema().optional(),
    action: z.looseObject({
      name: z.literal("catalog_message"),
      parameters: z.looseObject({ thumbnail_product_retailer_id: visibleText().optional() }).optional(),
    }),
  }),
);

/** The whole catalog. */
export function catalog(
  body: string,
  {
    thumbnailProductRetailerId,
    footer,
  }: { readonly thumbnailProductRetailerId?: string; readonly footer?: string } = {},
): InteractiveContent<CatalogMessage> {
  const thumbnail = thumbnailProductRetailerId;
  return interactiveContent({
    type: "catalog_message",
    body: { text: body },
    ...(footer !== undefined && { footer: { text: footer } }),
    action: {
      name: "catalog_message",
      ...(thumbnail !== undefined && { parameters: { thumbnail_product_retailer_id: thumbnail } }),
    },
  });
}
