/** A person or a company to be put into an address book. Up to 257 go in one message. */
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

export interface ContactName {
  /** As it is shown. */
  readonly formatted_name: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly middle_name?: string;
  readonly suffix?: string;
  readonly prefix?: string;
}

export interface ContactPhone {
  readonly phone?: string;
  /** Such as HOME or WORK. */
  readonly type?: string;
  /** Without it the contact is offered an invitation to WhatsApp. */
  readonly wa_id?: string;
}

export interface ContactEmail {
  readonly email?: string;
  readonly type?: string;
}

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

export interface ContactOrganization {
  readonly company?: string;
  readonly department?: string;
  readonly title?: string;
}

export interface ContactUrl {
  readonly url?: string;
  readonly type?: string;
}
