import { randomUUID } from "node:crypto";

import type { ChatMessage } from "../chats/chat-message.ts";
import type { WebhookRecord } from "../webhooks/delivery.ts";
import { type Call, ControlError, queryOf } from "./call.ts";
import { createCustomer, idOf } from "./customer.ts";
import { describeMatch, describeMessages, describeWebhooks } from "./describe.ts";
import type { SentMatch, TestClient } from "./test-client.ts";
import { WaitTimeout } from "./wait-timeout.ts";

const defaultTimeoutMs = 4_000;

export function createTestClient(call: Call): TestClient {
  const reader = randomUUID();

  return {
    customer: (phone, context) => createCustomer(call, phone, context),
    async waitForMessage(match = {}, { timeoutMs = defaultTimeoutMs, consume = true } = {}) {
      const query = queryOf({ ...asQuery(match), ...(consume && { reader }), timeoutMs });
      const found = await call("GET", `/wait/message${query}`).catch((error: unknown) => {
        throw timedOut(error, () => {
          const instead = describeMessages((error as ControlError).answer["messages"]);
          return `No message${describeMatch(match)} within ${timeoutMs} ms. ${instead}`;
        });
      });
      return found as ChatMessage;
    },
    async waitForWebhook(match = {}, { timeoutMs = defaultTimeoutMs } = {}) {
      const found = await call("GET", `/wait/webhook${queryOf({ ...match, timeoutMs })}`).catch((error: unknown) => {
        throw timedOut(error, () => {
          const instead = describeWebhooks((error as ControlError).answer["webhooks"]);
          return `No webhook${describeMatch(match)} within ${timeoutMs} ms. ${instead}`;
        });
      });
      return found as WebhookRecord;
    },
    async messages({ direction, ...match } = {}) {
      const answer = await call("GET", `/messages${queryOf({ ...asQuery(match), direction })}`);
      return (answer as { messages: readonly ChatMessage[] }).messages;
    },
    async settle(message, status, options = {}) {
      await call("POST", `/messages/${encodeURIComponent(idOf(message))}/status`, { status, ...options });
    },
    async loadSamples() {
      await call("PUT", "/samples");
    },
    async redeliver(webhook) {
      await call("POST", `/webhooks/${encodeURIComponent(idOf(webhook))}/redeliver`);
    },
  };
}

function asQuery({ text, ...match }: SentMatch) {
  if (!(text instanceof RegExp)) return { ...match, text };
  // Flags that say where a search begins have no meaning here.
  return { ...match, pattern: text.source, flags: text.flags.replace(/[^imsu]/g, "") };
}

/** The error of a wait that ended without what it was for; any other error as it is. */
function timedOut(error: unknown, describe: () => string): unknown {
  return error instanceof ControlError && error.status === 408 ? new WaitTimeout(describe(), { cause: error }) : error;
}
