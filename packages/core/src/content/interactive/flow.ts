import { z } from "zod";

import { alwaysRun, hasExactlyOne } from "../cross-field.ts";
import { once } from "../once.ts";
import { plainText, visibleText } from "../plain-text.ts";
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

/** One button that opens a form. */
export interface Flow {
  readonly type: "flow";
  readonly header?: Header;
  readonly body: Body;
  readonly footer?: Footer;
  readonly action: { readonly name: "flow"; readonly parameters: FlowParameters };
}

/** Identifies the flow by its id or by its name. */
export type FlowParameters = (
  | { readonly flow_id: string; readonly flow_name?: never }
  | { readonly flow_name: string; readonly flow_id?: never }
) & {
  /** `3`, as Meta documents it. */
  readonly flow_message_version: string;
  /** Up to 30 characters, no emoji. */
  readonly flow_cta: string;
  /** `draft` or `published`. Default: `published`. */
  readonly mode?: string;
  /** Returned together with the customer's answers. Default: `unused`. */
  readonly flow_token?: string;
  /** `navigate` or `data_exchange`. Default: `navigate`. */
  readonly flow_action?: string;
  readonly flow_action_payload?: {
    /** The first screen. */
    readonly screen?: string;
    /** Never empty. */
    readonly data?: Readonly<Record<string, unknown>>;
  };
};

const payload = once(() =>
  z.looseObject({
    screen: visibleText().optional(),
    data: z
      .record(z.string(), z.unknown())
      .refine((data) => Object.keys(data).length > 0, { error: "is empty" })
      .optional(),
  }),
);

const parametersSchema = once(() =>
  z
    .looseObject({
      flow_message_version: visibleText(),
      flow_id: visibleText().optional(),
      flow_name: visibleText().optional(),
      flow_cta: visibleText(30),
      mode: plainText().optional(),
      flow_token: plainText().optional(),
      flow_action: plainText().optional(),
      flow_action_payload: payload().optional(),
    })
    .refine((given) => hasExactlyOne(given, "flow_id", "flow_name"), {
      error: "must have exactly one of flow_id and flow_name",
      ...alwaysRun,
    }),
);

/** @internal */
export const flowSchema = once(() =>
  z.looseObject({
    header: headerSchema().optional(),
    body: bodySchema(1024),
    footer: footerSchema().optional(),
    action: z.looseObject({ name: z.literal("flow"), parameters: parametersSchema() }),
  }),
);

/** One button that opens a form. */
export function flow(body: string, parameters: FlowParameters, frame: Frame = {}): InteractiveContent<Flow> {
  return interactiveContent({ type: "flow", ...framed(body, frame), action: { name: "flow", parameters } });
}
