import { allOf, array, nonEmptyText, object, optional, pattern, type Rule, text } from "./rules.ts";

const part = optional(text());
const parts = (...names: readonly string[]): Rule => object(Object.fromEntries(names.map((name) => [name, part])));

const name = allOf(
  object({ formatted_name: nonEmptyText() }),
  parts("first_name", "last_name", "middle_name", "suffix", "prefix"),
);
const address = parts("street", "city", "state", "zip", "country", "country_code", "type");

// whatsappcloudapi_wrapper sends an empty one with every contact.
const birthday = optional(pattern(/^\d{4}-\d{2}-\d{2}$/, "a date as YYYY-MM-DD"));

const contact = object({
  name,
  birthday: (value, at) => (value === "" ? undefined : birthday(value, at)),
  phones: optional(array(parts("phone", "type", "wa_id"), 0, Infinity)),
  emails: optional(array(parts("email", "type"), 0, Infinity)),
  addresses: optional(array(address, 0, Infinity)),
  org: optional(parts("company", "department", "title")),
  urls: optional(array(parts("url", "type"), 0, Infinity)),
});

/** Up to 257 contacts. Meta's older documentation requires a second part of the name; the current one does not. */
export const contacts: Rule = array(contact, 1, 257);
