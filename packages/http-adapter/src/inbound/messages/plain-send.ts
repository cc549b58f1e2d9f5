import { isIdentifier, isRecipient } from "@message-sender/core/adapter";
import { type Content, parseContent } from "@message-sender/core/content";

import { fieldsOf } from "../bodies/json-fields.ts";
import { isReferenceField, type SendBody } from "./send-body.ts";

/** A valid body of a send, and the content in it. */
export interface ParsedSend {
  readonly fields: SendBody;
  readonly content: Content;
}

/**
 * Parses a text given as a string, with the required fields and perhaps a reference, which most sends are: the schema costs five
 * times as much. Undefined for every other body, valid or not: the schema decides then.
 */
export function plainSendOf(body: unknown): ParsedSend | undefined {
  const fields = fieldsOf(body);
  if (!fields || fields["message_type"] !== "text" || typeof fields["message"] !== "string") return undefined;
  const { tenant_id, outlet_id, conversation_id, to, reference } = fields;
  const hasReference = typeof reference === "string" && isReferenceField(reference);
  const isPlain =
    isIdentifier(tenant_id) &&
    isIdentifier(outlet_id) &&
    isIdentifier(conversation_id) &&
    isRecipient(to) &&
    Object.keys(fields).length === (hasReference ? requiredFields + 1 : requiredFields);
  if (!isPlain) return undefined;
  const content = parseContent("text", { body: fields["message"] });
  return content.isOk() ? { fields: fields as unknown as SendBody, content: content.value } : undefined;
}

/** The identifiers, `to`, `message_type` and `message`. */
const requiredFields = 6;
