import { z } from "zod";

import { once } from "./once.ts";
import { plainText, visibleText } from "./plain-text.ts";

/** A person or a company for the address book. A message holds up to 257. */
export interface Contact {
  readonly name: ContactName;
  /** YYYY-MM-DD */
  readonly birthday?: string;
  readonly phones?: readonly ContactPhone[];
  readonly emails?: readonly ContactEmail[];
  readonly addresses?: readonly ContactAddress[];
  readonly org?: ContactOrganization;
  readonly urls?: readonly ContactUrl[];
}

/** The name of a contact. */
export interface ContactName {
  /** The name that is shown. */
  readonly formatted_name: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly middle_name?: string;
  readonly suffix?: string;
  readonly prefix?: string;
}

/** A phone number of a contact. */
export interface ContactPhone {
  readonly phone?: string;
  /** Such as HOME or WORK. */
  readonly type?: string;
  /** Without it, WhatsApp offers to invite the contact. */
  readonly wa_id?: string;
}

/** An email address of a contact. */
export interface ContactEmail {
  readonly email?: string;
  readonly type?: string;
}

/** A postal address of a contact. */
export interface ContactAddress {
  readonly street?: string;
  readonly city?: string;
  readonly state?: string;
  readonly zip?: string;
  readonly country?: string;
  /** Two letters, ISO 3166. */
  readonly country_code?: string;
  readonly type?: string;
}

/** The company that a contact works for. */
export interface ContactOrganization {
  readonly company?: string;
  readonly department?: string;
  readonly title?: string;
}

/** A website of a contact. */
export interface ContactUrl {
  readonly url?: string;
  readonly type?: string;
}

/** The content of a contacts message. */
export interface ContactsContent {
  readonly type: "contacts";
  readonly contacts: readonly Contact[];
}

/** Meta documents no limit on the length of these fields. */
function textFields(...names: readonly string[]) {
  return z.looseObject(Object.fromEntries(names.map((name) => [name, plainText().optional()])));
}

const contact = once(() =>
  z.looseObject({
    name: textFields("first_name", "last_name", "middle_name", "suffix", "prefix").extend({
      formatted_name: visibleText(),
    }),
    birthday: z.iso.date({ error: "must be a date in the form YYYY-MM-DD" }).optional(),
    phones: z.array(textFields("phone", "type", "wa_id")).optional(),
    emails: z.array(textFields("email", "type")).optional(),
    addresses: z.array(textFields("street", "city", "state", "zip", "country", "country_code", "type")).optional(),
    org: textFields("company", "department", "title").optional(),
    urls: z.array(textFields("url", "type")).optional(),
  }),
);

/** Meta's documentation allows 257 contacts; its OpenAPI file allows 5. @internal */
export const contactsSchema = once(() => z.array(contact()).min(1).max(257));

/** People and companies for the address book. */
export function contacts(...contacts: readonly Contact[]): ContactsContent {
  return { type: "contacts", contacts };
}
