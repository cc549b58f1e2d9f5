import { z } from "zod";

import { besideOthers, elementsOf, fieldsOf } from "../cross-field.ts";
import { note } from "../plain-text.ts";

/** 1–10 sections; each has a title as soon as there are two. `entries` is the field that holds up to `most` things in all. */
export function sectionsOf<E extends string, T extends z.ZodType>(entries: E, entry: T, most: number) {
  const section = z.looseObject({ title: note(24).optional(), [entries]: z.array(entry).min(1) });
  return z
    .array(section)
    .min(1)
    .max(10)
    .superRefine((given, context) => {
      const sections = elementsOf(given).map(fieldsOf);
      const count = sections.reduce((sum, each) => sum + elementsOf(each[entries]).length, 0);
      if (count > most) context.addIssue({ code: "custom", message: `has more than ${most} ${entries} in all` });
      for (const [at, { title }] of sections.length > 1 ? sections.entries() : []) {
        if (!title)
          context.addIssue({ code: "custom", path: [at, "title"], message: "is missing beside other sections" });
      }
    }, besideOthers);
}
