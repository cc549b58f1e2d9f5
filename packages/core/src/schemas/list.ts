import { z } from "zod";

import { reportRepeats } from "./distinct.ts";
import { body, footer, textHeader } from "./interactive-parts.ts";
import { sectionsOf } from "./sections.ts";
import { note, words } from "./words.ts";

const row = z.looseObject({ id: words(200), title: words(24), description: note(72).optional() });

const sections = sectionsOf("rows", row, 10).superRefine((given, context) => {
  const ids = given.flatMap(({ rows }, at) =>
    (rows as z.infer<typeof row>[]).map(({ id }, place) => ({ path: [at, "rows", place, "id"], value: id })),
  );
  reportRepeats(ids, context, "is the id of another row too");
});

/** Meta's `interactive` of type `list`. The documentation gives its body 4,096 characters, the OpenAPI file 1,024. */
export const list = z.looseObject({
  header: textHeader.optional(),
  body: body(4096),
  footer: footer.optional(),
  action: z.looseObject({ button: words(20), sections }),
});
