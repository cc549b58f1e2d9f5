import {
  decodeEachStored,
  decodeWebhook,
  encodeWebhook,
  forwardBounds,
  listBounds,
  type SteadyTime,
  type WebhookInbox,
  type WebhookPosition,
} from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createWebhookInbox({ call }: GroupCommit, time: SteadyTime): WebhookInbox {
  return {
    add(webhooks, forward) {
      const rows = webhooks.map(
        (webhook) =>
          [webhook.id, webhook.receivedAt.getTime(), webhook.phoneNumberId ?? null, encodeWebhook(webhook)] as const,
      );
      return call("addWebhooks", rows, forward ? time.now() : null);
    },
    list(query) {
      const { from, before } = listBounds(query);
      const { phoneNumberId = null, limit, maxBytes } = query;
      return call("listWebhooks", phoneNumberId, +from, rowOf(before), [limit, maxBytes]).andThen(([texts, next]) =>
        decodeEachStored(texts, decodeWebhook).map((webhooks) => ({ webhooks, ...nextOf(next) })),
      );
    },
    forward(query) {
      const { behind, until } = forwardBounds(query);
      const { phoneNumberId = null, limit, maxBytes, again } = query;
      const page = [phoneNumberId, rowOf(behind), +until, [limit, maxBytes]] as const;
      return call("forwardWebhooks", ...page, again, time.now()).map(([matched, entered, next]) => ({
        matched,
        entered,
        ...nextOf(next),
      }));
    },
  };
}

type PositionRow = readonly [receivedAt: number, id: string];

function rowOf({ receivedAt, id }: WebhookPosition): PositionRow {
  return [receivedAt.getTime(), id];
}

function nextOf(next: PositionRow | null): { readonly next?: WebhookPosition } {
  return next ? { next: { receivedAt: new Date(next[0]), id: next[1] } } : {};
}
