import { z } from "zod";

import { visibleText } from "../plain-text.ts";
import {
  type Body,
  bodySchema,
  type Footer,
  footerSchema,
  framed,
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
export const catalogSchema = z.looseObject({
  body: bodySchema(1024),
  footer: footerSchema.optional(),
  action: z.looseObject({
    name: z.literal("catalog_message"),
    parameters: z.looseObject({ thumbnail_product_retailer_id: visibleText().optional() }).optional(),
  }),
});

/** The whole catalog. */
export function catalog(
  body: string,
  options: { readonly thumbnail_product_retailer_id?: string; readonly footer?: string } = {},
): InteractiveContent<CatalogMessage> {
  const { footer, ...parameters } = options;
  const action = { name: "catalog_message", ...(Object.keys(parameters).length > 0 && { parameters }) } as const;
  return interactiveContent({
    type: "catalog_message",
    ...framed<never>(body, footer === undefined ? {} : { footer }),
    action,
  });
}
