import { z } from "zod";

/** Meta: text messages, "body: 1 to 4096 characters". Counted in Unicode code points: an emoji of one code point is one. */
const longestBody = 4096;

// Stores and transports differ in what they do to these, so they never get in.
const forbidden = /[^\P{Cc}\n\t]/u;
const nothingVisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]*$/u;

const body = z
  .string()
  .refine((text) => text.isWellFormed(), { error: "holds half of a surrogate pair", abort: true })
  .refine((text) => !forbidden.test(text), { error: "holds a control character other than a newline or a tab" })
  .refine((text) => !nothingVisible.test(text), { error: "has nothing visible in it" })
  .refine((text) => isAtMost(text, longestBody), { error: `is longer than ${longestBody} characters (code points)` });

/** Meta's text object. */
export const textContent = z.strictObject({ body, preview_url: z.boolean().optional() });

function isAtMost(text: string, codePoints: number): boolean {
  if (text.length <= codePoints) return true;
  if (text.length > 2 * codePoints) return false;
  let count = 0;
  for (const _ of text) count += 1;
  return count <= codePoints;
}
