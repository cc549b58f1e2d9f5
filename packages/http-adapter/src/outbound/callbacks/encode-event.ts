import type { StatusEvent } from "@message-sender/core";

/** The body of a status callback. */
export function encodeEvent(event: StatusEvent): string {
  const { outlet, possibleDuplicate } = event;
  return JSON.stringify({
    type: "message.status",
    timestamp: event.at,
    data: {
      message_id: event.messageId,
      version: event.version,
      tenant_id: outlet.tenantId,
      outlet_id: outlet.outletId,
      conversation_id: event.conversationId,
      to: event.to,
      reference: event.reference,
      status: event.status,
      whatsapp_message_id: event.whatsappMessageId,
      failure: event.failure,
      possible_duplicate: possibleDuplicate,
      queued_at: event.queuedAt,
      sent_at: event.sentAt,
      delivered_at: event.deliveredAt,
      read_at: event.readAt,
      failed_at: event.failedAt,
    },
  });
}
