/** An opaque identifier: 1–128 URL-safe characters. */
export type Identifier = string;
export type MessageId = Identifier;

/** One shop of one tenant: the unit that owns WhatsApp credentials. */
export interface OutletRef {
  readonly tenantId: Identifier;
  readonly outletId: Identifier;
}

const identifier = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;

/** `.` and `..` are refused too: in a URL they would name another path. */
export function isIdentifier(text: unknown): boolean {
  return typeof text === "string" && identifier.test(text);
}

/** E.164 with its `+`: 7 to 15 digits, the first of them not zero. */
export function isPhoneNumber(text: unknown): boolean {
  return typeof text === "string" && /^\+[1-9][0-9]{6,14}$/.test(text);
}

/**
 * A business-scoped user id, of the business or of its parent: a country, a dot and up to 128 letters and digits (Cloud
 * API, "Business-scoped user IDs", June 2026).
 */
export function isUserId(text: unknown): boolean {
  return typeof text === "string" && /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/.test(text);
}

/** Whom a message can be sent to. */
export function isRecipient(text: unknown): boolean {
  return isPhoneNumber(text) || isUserId(text);
}

/** An id that WhatsApp gave a message. */
export function isWamid(text: unknown): boolean {
  return typeof text === "string" && /^[\x21-\x7e]{1,512}$/.test(text);
}

/**
 * What rides on a submission as `biz_opaque_callback_data`; WhatsApp echoes it in each status webhook, which makes it
 * the only evidence for an attempt whose answer was lost.
 */
export function callbackData(messageId: MessageId, attempt: number): string {
  return `ms1:${messageId}:${attempt}`;
}

/** What `callbackData` was made of; undefined for text that is not ours. */
export function parseCallbackData(text: string): { messageId: MessageId; attempt: number } | undefined {
  const [, messageId = "", attempt] = /^ms1:([^:]{1,128}):([1-9][0-9]{0,5})$/.exec(text) ?? [];
  return isIdentifier(messageId) ? { messageId, attempt: Number(attempt) } : undefined;
}
