import { isRecord } from "../fault-match.ts";
import { badValue, list, object, optional, pattern, type Rule, text } from "./rules.ts";

const part = optional(text());
const nameParts = ["first_name", "last_name", "middle_name", "suffix", "prefix"];

const named: Rule = (value, at) =>
  isRecord(value) && nameParts.some((key) => value[key] !== undefined)
    ? undefined
    : badValue(`${at} must have one of ${nameParts.join(", ")} beside formatted_name.`);

const contact = object({
  name: (value, at) => object({ formatted_name: text() })(value, at) ?? named(value, at),
  birthday: optional(pattern(/^\d{4}-\d{2}-\d{2}$/, "a date as YYYY-MM-DD")),
  phones: optional(list(object({ phone: part, type: part, wa_id: part }), 0, Infinity)),
  emails: optional(list(object({ email: part, type: part }), 0, Infinity)),
  addresses: optional(list(object(), 0, Infinity)),
  org: optional(object({ company: part, department: part, title: part })),
  urls: optional(list(object({ url: part, type: part }), 0, Infinity)),
});

/** Up to 257 cards, each with a name that has another part beside the formatted one. */
export const contacts: Rule = list(contact, 1, 257);
