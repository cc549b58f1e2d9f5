import type { ChatMessage } from "../chats/chat-message.ts";
import type { WebhookRecord } from "../webhooks/delivery.ts";

/** The statuses of a message, each with the last webhook about it. */
export function statusesWithWebhooks(message: ChatMessage | undefined, sent: readonly WebhookRecord[]) {
  return (message?.statuses ?? []).map(({ status, at }) => {
    const webhook = sent.findLast(({ statuses }) =>
      statuses.some((one) => one.wamid === message?.id && one.status === status),
    );
    return { status, at, url: webhook?.url, wasDelivered: webhook?.responseStatus === 200 };
  });
}
