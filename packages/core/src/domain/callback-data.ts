import { isIdentifier, type MessageId } from "../content/identifiers.ts";

/**
 * The `biz_opaque_callback_data` of an attempt. WhatsApp returns it in every status webhook: it is the only evidence for an
 * attempt whose answer was lost.
 */
export function callbackData(messageId: MessageId, attempt: number): string {
  return `ms1:${messageId}:${attempt}`;
}

/** The message and the attempt that `callbackData` encoded; undefined for any other text. */
export function parseCallbackData(text: string): { messageId: MessageId; attempt: number } | undefined {
  const [, messageId = "", attempt] = /^ms1:([^:]{1,128}):([1-9][0-9]{0,5})$/.exec(text) ?? [];
  return isIdentifier(messageId) ? { messageId, attempt: Number(attempt) } : undefined;
}
