/** An opaque identifier: 1–128 URL-safe characters. */
export type Identifier = string;
/** Our own id of a message. */
export type MessageId = Identifier;

/** One outlet of one tenant: the unit that owns WhatsApp credentials. */
export interface OutletRef {
  readonly tenantId: Identifier;
  readonly outletId: Identifier;
}

/** A name of the outlet for maps: no two outlets share one. */
export function outletName({ tenantId, outletId }: OutletRef): string {
  return `${tenantId} ${outletId}`;
}

const identifier = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;

/** Not `.` or `..`, which would name another path in a URL. */
export function isIdentifier(text: unknown): boolean {
  return typeof text === "string" && identifier.test(text);
}

/** E.164 with a leading `+`: 7 to 15 digits, of which the first is not zero. */
export function isPhoneNumber(text: unknown): boolean {
  return typeof text === "string" && /^\+[1-9][0-9]{6,14}$/.test(text);
}

/**
 * A business-scoped user id, of the business or of its parent: a country code, a dot and up to 128 letters and digits (Cloud
 * API, "Business-scoped user IDs", June 2026).
 */
export function isUserId(text: unknown): boolean {
  return typeof text === "string" && /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/.test(text);
}

/** A phone number or a business-scoped user id: what a message can be sent to. */
export function isRecipient(text: unknown): boolean {
  return isPhoneNumber(text) || isUserId(text);
}

/** WhatsApp's id of a message: 1–512 visible ASCII characters. */
export function isWamid(text: unknown): boolean {
  return typeof text === "string" && /^[\x21-\x7e]{1,512}$/.test(text);
}

/** What a field must be, as the end of a sentence that begins with the field's name. */
export const fieldRules = {
  identifier: "must be 1–128 URL-safe characters",
  recipient: "must be an E.164 number with a leading + or a business-scoped user id",
  wamid: "must be a WhatsApp message id",
} as const;
