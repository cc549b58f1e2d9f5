import { z } from "zod";

const time = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
const timeRule = "must be a date, or a date and time with an offset, as RFC 3339 writes them";

/** A point in time. A date is its beginning in UTC. In a query that is not escaped, the `+` of an offset arrives as a space. */
const timeParameter = z
  .string()
  .meta({
    anyOf: [
      { type: "string", format: "date" },
      { type: "string", format: "date-time" },
    ],
  })
  .transform((given, context) => {
    const text = given.replace(/ (?=\d\d:\d\d$)/, "+");
    if (time.safeParse(text).success) return new Date(text);
    context.addIssue({ code: "custom", message: timeRule });
    return z.NEVER;
  });

/** How many entries a page may have. */
export function limitParameter(most: number, byDefault: number) {
  const isLimit = (text: string): boolean => /^[1-9][0-9]{0,8}$/.test(text) && Number(text) <= most;
  return z
    .string()
    .refine(isLimit, { error: `must be a whole number from 1 to ${most}` })
    .meta({ type: "integer", minimum: 1, maximum: most, default: byDefault })
    .transform(Number)
    .default(byDefault);
}

/** The `next_cursor` of a page. */
export const cursorParameter = z.string().describe("The `next_cursor` of the page before.");

export const sinceParameter = timeParameter.describe("At this time or later. A date means its beginning in UTC.");
export const untilParameter = timeParameter.describe("Before this time. A date means its beginning in UTC.");
