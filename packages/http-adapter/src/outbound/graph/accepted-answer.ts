import { type Accepted, isWamid } from "@message-sender/core/adapter";

const waId = /^[\x21-\x7e]{1,128}$/;
const messageStatus = /^[A-Za-z_]{1,64}$/;

/**
 * Reads the answer to a message that WhatsApp accepted. Undefined if it has no message id. Invalid fields beside the id are omitted.
 * By hand and not by a schema, because every message passes here.
 */
export function readAccepted(body: unknown, httpStatus: number): Accepted | undefined {
  const { messages, contacts } = fieldsOf(body);
  const { id, message_status: status } = fieldsOf(firstOf(messages));
  if (!isWamid(id)) return undefined;
  const { wa_id: recipient } = fieldsOf(firstOf(contacts));
  return {
    kind: "Accepted",
    wamid: id as string,
    ...(typeof recipient === "string" && waId.test(recipient) && { waId: recipient }),
    ...(typeof status === "string" && messageStatus.test(status) && { messageStatus: status }),
    httpStatus,
  };
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

const noFields: Readonly<Record<string, unknown>> = {};

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as typeof noFields) : noFields;
}
