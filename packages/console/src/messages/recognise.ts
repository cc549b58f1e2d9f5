import type { ListMessagesQuery } from "@message-sender/core";
import { isIdentifier, isPhoneNumber, isReference, isUserId, isWamid } from "@message-sender/core/adapter";

/** One thing that a typed text may mean: what it is called, and how it is looked up. */
export type Meaning =
  | { readonly what: "message id"; readonly messageId: string }
  | {
      readonly what: string;
      readonly filter: Pick<ListMessagesQuery, "to" | "whatsappMessageId" | "conversationId" | "reference">;
    };

/**
 * What a text in the search box may mean, the most likely first. Each meaning is one lookup in an index. Numbers may be typed as people
 * write them: `+62 812-3456-789`, `00628123456789`, `628123456789`.
 */
export function meaningsOf(typed: string): readonly Meaning[] {
  const text = typed.trim();
  if (text.startsWith("wamid."))
    return isWamid(text) ? [{ what: "WhatsApp message id", filter: { whatsappMessageId: text } }] : [];
  const number = numberIn(text);
  return [
    ...(number === undefined ? [] : [{ what: "number", filter: { to: number } }]),
    ...(isUserId(text) ? [{ what: "user id", filter: { to: text } }] : []),
    ...(isIdentifier(text) ? [{ what: "message id" as const, messageId: text }] : []),
    ...(text !== "" && isReference(text) ? [{ what: "reference", filter: { reference: text } }] : []),
    ...(isIdentifier(text) ? [{ what: "conversation", filter: { conversationId: text } }] : []),
  ];
}

/** An international number. A `+` that a URL has lost is a space. */
function numberIn(text: string): string | undefined {
  if (!/^(?:\+|00)?[\d\s()./\u00a0-]+$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, "").replace(/^00/, "");
  return isPhoneNumber(`+${digits}`) ? `+${digits}` : undefined;
}
