import { z } from "zod";

import { webLink } from "../link.ts";
import { once } from "../once.ts";
import { visibleText } from "../plain-text.ts";
import {
  type Body,
  bodySchema,
  type Footer,
  footerSchema,
  type Frame,
  framed,
  type Header,
  headerSchema,
  interactiveContent,
  type InteractiveContent,
} from "./frame.ts";

/** One button that opens a web page. */
export interface CtaUrl {
  readonly type: "cta_url";
  readonly header?: Header;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: { readonly name: "cta_url"; readonly parameters: CtaUrlParameters };
}

/** The text and the URL of a link button. */
export interface CtaUrlParameters {
  /** Up to 20 characters. */
  readonly display_text: string;
  /** An http or https URL, which opens in the customer's browser. */
  readonly url: string;
}

/** @internal */
export const ctaUrlParametersSchema = once(() => z.looseObject({ display_text: visibleText(20), url: webLink() }));

/** @internal */
export const ctaUrlSchema = once(() =>
  z.looseObject({
    header: headerSchema().optional(),
    body: bodySchema(1024),
    footer: footerSchema().optional(),
    action: z.looseObject({ name: z.literal("cta_url"), parameters: ctaUrlParametersSchema() }),
  }),
);

/** One button that opens a web page. */
export function ctaUrl(body: string, parameters: CtaUrlParameters, frame: Frame = {}): InteractiveContent<CtaUrl> {
  return interactiveContent({
    type: "cta_url",
    ...framed(body, frame),
    action: { name: "cta_url", parameters },
  });
}
