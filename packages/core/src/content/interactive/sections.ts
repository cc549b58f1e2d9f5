import { z } from "zod";

import { alwaysRun, elementsOf, fieldsOf } from "../cross-field.ts";
import { plainText } from "../plain-text.ts";

/** 1–10 sections, each with a title if there are two or more. Their `entries` fields hold up to `max` items in total. @internal */
export function sectionsOf<E extends string, T extends z.ZodType>(entries: E, entry: T, max: number) {
  const section = z.looseObject({ title: plainText(24).optional(), [entries]: z.array(entry).min(1) });
  return z
    .array(section)
    .min(1)
    .max(10)
    .superRefine((given, context) => {
      const sections = elementsOf(given).map(fieldsOf);
      const count = sections.reduce((sum, each) => sum + elementsOf(each[entries]).length, 0);
      if (count > max) context.addIssue({ code: "custom", message: `has more than ${max} ${entries} in total` });
      for (const [at, { title }] of sections.length > 1 ? sections.entries() : []) {
        if (!title)
          context.addIssue({
            code: "custom",
            path: [at, "title"],
            message: "is required if there is more than one section",
          });
      }
    }, alwaysRun);
}
