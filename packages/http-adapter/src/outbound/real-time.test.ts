import { createMessageSender, type MessageSenderPorts, Secret } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { createTestPorts } from "@message-sender/core/in-memory";
import { expect, it } from "vitest";

import {
  createConversationServiceHistory,
  createGraphMedia,
  createGraphTransport,
  createServiceClient,
  createStatusCallbacks,
  createTenantServiceCredentials,
  createTenantServiceQuota,
  createWebhookForwarding,
} from "./index.ts";

const client = createServiceClient({ url: "http://127.0.0.1:9" });
const transport = createGraphTransport();
const secret = new Secret("whsec_c2VjcmV0");

it.each<[string, Partial<MessageSenderPorts>]>([
  ["transport", { transport }],
  ["readReceipts", { readReceipts: transport.readReceipts }],
  ["media", { media: createGraphMedia() }],
  ["credentials", { credentials: createTenantServiceCredentials(client) }],
  ["quota", { quota: createTenantServiceQuota(client, { clock: createSystemClock() }) }],
  ["history", { history: createConversationServiceHistory(client) }],
  ["statusCallbacks", { statusCallbacks: createStatusCallbacks({}) }],
  ["webhookForwarding", { webhookForwarding: createWebhookForwarding({ url: "http://127.0.0.1:9", secret }) }],
])("a sender does not combine a real adapter with test ports: %s", (name, real) => {
  expect(() => createMessageSender({ ...createTestPorts(), ...real })).toThrow(
    `these ports wait in real time: \`${name}\`.`,
  );
});
