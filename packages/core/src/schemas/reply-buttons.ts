import { z } from "zod";

import { reportRepeats } from "./distinct.ts";
import { body, footer, header, reply } from "./interactive-parts.ts";

const replyButton = z.looseObject({ type: z.literal("reply"), reply });

const buttons = z
  .array(replyButton)
  .min(1)
  .max(3)
  .superRefine((given, context) => {
    for (const field of ["id", "title"] as const) {
      const values = given.map((button, at) => ({ path: [at, "reply", field], value: button.reply[field] }));
      reportRepeats(values, context, `is the ${field} of another button too`);
    }
  });

/** Meta's `interactive` of type `button`. */
export const replyButtons = z.looseObject({
  header: header.optional(),
  body: body(1024),
  footer: footer.optional(),
  action: z.looseObject({ buttons }),
});
