import { z } from "zod";

// Stores and transports differ in what they do to these, so they never get in.
const forbidden = /[^\P{Cc}\n\t]/u;
const nothingVisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]*$/u;

const wellFormed = z
  .string()
  .refine((text) => text.isWellFormed(), { error: "holds half of a surrogate pair", abort: true });

/** A text of up to `most` characters that may be blank. */
export function note(most = Number.POSITIVE_INFINITY) {
  return wellFormed
    .refine((text) => !forbidden.test(text), { error: "holds a control character other than a newline or a tab" })
    .refine((text) => isAtMost(text, most), { error: tooLong(most) });
}

/** A text of up to `most` characters with something visible in it. */
export function words(most = Number.POSITIVE_INFINITY) {
  return note(most).refine((text) => !nothingVisible.test(text), { error: "has nothing visible in it" });
}

/** What fills a gap of a template. Meta's error 132018: no newline, no tab, no more than four spaces in a row. */
export function filling(most = Number.POSITIVE_INFINITY) {
  return wellFormed
    .min(1, { error: "is empty" })
    .refine((text) => !/\p{Cc}/u.test(text), { error: "holds a newline, a tab or another control character" })
    .refine((text) => !text.includes("     "), { error: "has more than four spaces in a row" })
    .refine((text) => isAtMost(text, most), { error: tooLong(most) });
}

function tooLong(most: number): string {
  return `is longer than ${most} characters (code points)`;
}

function isAtMost(text: string, codePoints: number): boolean {
  if (text.length <= codePoints) return true;
  if (text.length > 2 * codePoints) return false;
  let count = 0;
  for (const _ of text) count += 1;
  return count <= codePoints;
}
