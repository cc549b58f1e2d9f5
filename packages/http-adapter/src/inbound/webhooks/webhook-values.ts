import { isPhoneNumber, isUserId } from "@message-sender/core/adapter";

// Webhooks are parsed value by value: one invalid value must not affect the others.

/** Smaller numbers are seconds (until the year 5138), larger ones milliseconds (since 1973). */
const leastMilliseconds = 100_000_000_000;
const mostMilliseconds = 99_999_999_999_999;

/** Meta sends seconds, usually as a string. Other senders use milliseconds or fractions of a second. */
export function timeOf(value: unknown): Date | undefined {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (!/^\d{1,14}(?:\.\d{1,9})?$/.test(text)) return undefined;
  const number = Number(text);
  if (number > mostMilliseconds) return undefined;
  return new Date(number < leastMilliseconds ? Math.floor(number) * 1000 : Math.floor(number));
}

/** A person's id in a webhook: a phone number without its `+`, or a business-scoped user id. */
export function recipientIdOf(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : typeof value === "string" ? value.trim() : "";
  if (isUserId(text)) return text;
  const number = text.startsWith("+") ? text : `+${text}`;
  return isPhoneNumber(number) ? number : undefined;
}

/** A short printable string. */
export function printableOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[\x20-\x7e]{1,100}$/.test(value) ? value : undefined;
}
