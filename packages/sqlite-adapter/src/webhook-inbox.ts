import {
  decodeEachStored,
  decodeWebhook,
  encodeWebhook,
  type SteadyTime,
  type WebhookInbox,
} from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createWebhookInbox({ call }: GroupCommit, time: SteadyTime): WebhookInbox {
  return {
    add(webhooks, forward) {
      const rows = webhooks.map(
        (webhook) => [webhook.id, webhook.receivedAt.getTime(), encodeWebhook(webhook)] as const,
      );
      return call("addWebhooks", rows, forward ? time.now() : null);
    },
    latest: (limit) => call("latestWebhooks", limit).andThen((webhooks) => decodeEachStored(webhooks, decodeWebhook)),
  };
}
