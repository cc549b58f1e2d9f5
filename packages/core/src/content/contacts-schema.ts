import { z } from "zod";

import { note, words } from "./plain-text.ts";

/** Meta documents no limit of these fields. */
function notes(...names: readonly string[]) {
  return z.looseObject(Object.fromEntries(names.map((name) => [name, note().optional()])));
}

const contact = z.looseObject({
  name: notes("first_name", "last_name", "middle_name", "suffix", "prefix").extend({ formatted_name: words() }),
  birthday: z.iso.date({ error: "is not a date as YYYY-MM-DD" }).optional(),
  phones: z.array(notes("phone", "type", "wa_id")).optional(),
  emails: z.array(notes("email", "type")).optional(),
  addresses: z.array(notes("street", "city", "state", "zip", "country", "country_code", "type")).optional(),
  org: notes("company", "department", "title").optional(),
  urls: z.array(notes("url", "type")).optional(),
});

/** Meta's contacts. Its documentation says 257 at most; its OpenAPI file says 5. */
export const contactsContent = z.array(contact).min(1).max(257);
