import { maskNumbers } from "@message-sender/http-adapter/inbound";

/**
 * A recipient, as pages show it until somebody asks for it: the country and the last digits, or the end of a user id. What was erased
 * stays as it is.
 */
export function maskedRecipient(to: string): string {
  if (to === "erased") return to;
  if (to.startsWith("+")) return `${to.slice(0, 3)} ••• ${to.slice(-4)}`;
  return `${to.slice(0, 3)}•••${to.slice(-4)}`;
}

/** What a caller or a service wrote, with what may be a number masked. */
export function maskedText(text: string): string {
  return maskNumbers(text);
}
