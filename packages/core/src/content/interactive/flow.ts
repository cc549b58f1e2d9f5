import { z } from "zod";

import { besideOthers, hasExactlyOne } from "../cross-field.ts";
import { body, footer, header } from "./frame.ts";
import { note, words } from "../plain-text.ts";

const payload = z.looseObject({
  screen: words().optional(),
  data: z
    .record(z.string(), z.unknown())
    .refine((data) => Object.keys(data).length > 0, { error: "is empty" })
    .optional(),
});

const parameters = z
  .looseObject({
    flow_message_version: words(),
    flow_id: words().optional(),
    flow_name: words().optional(),
    flow_cta: words(30),
    mode: note().optional(),
    flow_token: note().optional(),
    flow_action: note().optional(),
    flow_action_payload: payload.optional(),
  })
  .refine((given) => hasExactlyOne(given, "flow_id", "flow_name"), {
    error: "needs either a flow_id or a flow_name",
    ...besideOthers,
  });

/** Meta's `interactive` of type `flow`. */
export const flow = z.looseObject({
  header: header.optional(),
  body: body(1024),
  footer: footer.optional(),
  action: z.looseObject({ name: z.literal("flow"), parameters }),
});
