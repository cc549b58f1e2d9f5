import { z } from "zod";

import { body, footer, headerOf } from "./frame.ts";
import { sectionsOf } from "./sections.ts";
import { note, words } from "../plain-text.ts";

const row = z.looseObject({ id: words(200), title: words(24), description: note(72).optional() });

/** Meta's `interactive` of type `list`. The documentation gives its body 4,096 characters, the OpenAPI file 1,024. */
export const list = z.looseObject({
  header: headerOf("text").optional(),
  body: body(4096),
  footer: footer.optional(),
  action: z.looseObject({ button: words(20), sections: sectionsOf("rows", row, 10) }),
});
