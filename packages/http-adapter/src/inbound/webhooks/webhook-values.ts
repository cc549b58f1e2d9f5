import { isPhoneNumber, isUserId } from "@message-sender/core";

/** Meta's webhooks are read value by value: what is odd in one must not take the others with it. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object of JSON; undefined for anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** From the year 5138 on a time in seconds has twelve digits; in milliseconds it had them in 1973. */
const leastMilliseconds = 100_000_000_000;
const mostMilliseconds = 99_999_999_999_999;

/** Meta writes a time in whole seconds, mostly as text; others write milliseconds, or parts of a second. */
export function timeOf(value: unknown): Date | undefined {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (!/^\d{1,14}(?:\.\d{1,9})?$/.test(text)) return undefined;
  const number = Number(text);
  if (number > mostMilliseconds) return undefined;
  return new Date(number < leastMilliseconds ? Math.floor(number) * 1000 : Math.floor(number));
}

/** What WhatsApp calls somebody: a phone number, written without its `+`, or a business-scoped user id. */
export function nameOf(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : typeof value === "string" ? value.trim() : "";
  if (isUserId(text)) return text;
  const number = text.startsWith("+") ? text : `+${text}`;
  return isPhoneNumber(number) ? number : undefined;
}

/** A word of Meta's that may be shown. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[\x20-\x7e]{1,100}$/.test(value) ? value : undefined;
}
