import { all, list, note, object, optional, pattern, type Rule, text } from "./rules.ts";

const part = optional(note());
const parts = (...names: readonly string[]): Rule => object(Object.fromEntries(names.map((name) => [name, part])));

const name = all(
  object({ formatted_name: text() }),
  parts("first_name", "last_name", "middle_name", "suffix", "prefix"),
);
const address = parts("street", "city", "state", "zip", "country", "country_code", "type");

const contact = object({
  name,
  birthday: optional(pattern(/^\d{4}-\d{2}-\d{2}$/, "a date as YYYY-MM-DD")),
  phones: optional(list(parts("phone", "type", "wa_id"), 0, Infinity)),
  emails: optional(list(parts("email", "type"), 0, Infinity)),
  addresses: optional(list(address, 0, Infinity)),
  org: optional(parts("company", "department", "title")),
  urls: optional(list(parts("url", "type"), 0, Infinity)),
});

/** Up to 257 cards. Older pages of Meta's want another part of the name beside the formatted one; the newer do not. */
export const contacts: Rule = list(contact, 1, 257);
