import { z } from "zod";

import { once } from "./once.ts";

// Stores and transports treat control characters differently, so none is accepted.
const controlCharacter = /[^\P{Cc}\n\t]/u;
const invisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]*$/u;

const wellFormed = once(() =>
  z.string().refine((text) => text.isWellFormed(), { error: "contains an unpaired surrogate", abort: true }),
);

/** A text of up to `max` characters, which may be blank. */
export function plainText(max = Number.POSITIVE_INFINITY) {
  const text = wellFormed()
    .refine((given) => !controlCharacter.test(given), {
      error: "contains a control character other than newline or tab",
    })
    .refine((given) => hasAtMost(given, max), { error: tooLong(max) });
  return described(text, { maxLength: max });
}

/** A text of up to `max` characters, at least one of them visible. */
export function visibleText(max = Number.POSITIVE_INFINITY) {
  const text = plainText(max).refine((given) => !invisible.test(given), { error: "has no visible characters" });
  return described(text, { minLength: 1, maxLength: max });
}

/** Whether `visibleText(max)` accepts a text: the same rules, without the words for what is wrong. */
export function isVisibleText(text: string, max: number): boolean {
  return text.isWellFormed() && !controlCharacter.test(text) && hasAtMost(text, max) && !invisible.test(text);
}

/** The text of a template parameter. Meta's error 132018: no newline, no tab, at most four consecutive spaces. */
export function parameterText(max = Number.POSITIVE_INFINITY) {
  const parameter = wellFormed()
    .min(1, { error: "is empty" })
    .refine((text) => !/\p{Cc}/u.test(text), { error: "contains a newline, tab or other control character" })
    .refine((text) => !text.includes("     "), { error: "contains more than four consecutive spaces" })
    .refine((text) => hasAtMost(text, max), { error: tooLong(max) });
  return described(parameter, { minLength: 1, maxLength: max });
}

/** JSON schema counts code points too. It does not see the checks above. */
function described(
  text: z.ZodString,
  { maxLength, ...limits }: { minLength?: number; maxLength: number },
): z.ZodString {
  return text.meta({ ...limits, ...(Number.isFinite(maxLength) && { maxLength }) });
}

function tooLong(max: number): string {
  return `is longer than ${max} characters (code points)`;
}

/** Whether a text has at most so many Unicode code points, which is how JSON schema counts characters. */
export function hasAtMost(text: string, codePoints: number): boolean {
  if (text.length <= codePoints) return true;
  if (text.length > 2 * codePoints) return false;
  let count = 0;
  for (const _ of text) count += 1;
  return count <= codePoints;
}
