import { Secret } from "@message-sender/core";
import type { Sandbox } from "@message-sender/emulator";

import { type Config, graphApiUrl } from "./settings/settings.ts";

/** What a sandbox puts something else in the place of, or has no use for. */
const replaced = [
  "TENANT_SERVICE_URL",
  "TENANTS_FILE",
  "CONVERSATION_SERVICE_URL",
] as const satisfies readonly (keyof Config)[];

/** The settings that are given and that a sandbox ignores. */
export function ignoredBySandbox(config: Config): readonly string[] {
  const graph = config.GRAPH_API_URL === graphApiUrl ? [] : ["GRAPH_API_URL"];
  return [...graph, ...replaced.filter((name) => config[name] !== undefined)];
}

/** The settings, pointed at a sandbox. */
export function sandboxConfig(config: Config, sandbox: Sandbox): Config {
  return {
    ...config,
    GRAPH_API_URL: sandbox.graphUrl,
    TENANT_SERVICE_URL: sandbox.tenantUrl,
    CONVERSATION_SERVICE_URL: sandbox.conversationUrl,
    WHATSAPP_APP_SECRET: [...(config.WHATSAPP_APP_SECRET ?? []), new Secret(sandboxAppSecret)],
    WHATSAPP_VERIFY_TOKEN: config.WHATSAPP_VERIFY_TOKEN ?? new Secret(sandboxAppSecret),
  };
}

/** Has the sandbox tell the server of each message that it was sent, delivered and read. */
export function connectWebhooks(sandbox: Sandbox, serverUrl: string): void {
  sandbox.webhooks.target({ url: `${serverUrl}/webhooks/whatsapp`, appSecret: sandboxAppSecret });
}

const sandboxAppSecret = "the-sandbox-has-no-secrets";

/** Any tenant and outlet will do in a sandbox; these are the ones that commands fall back on. */
export const sandboxIds = {
  tenant: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b01",
  outlet: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b02",
  conversation: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b03",
};

export function sandboxHint(sandbox: Sandbox, serverUrl: string): string {
  const body = JSON.stringify({
    tenant_id: sandboxIds.tenant,
    outlet_id: sandboxIds.outlet,
    conversation_id: sandboxIds.conversation,
    to: "+628123456789",
    message: "Hello! Your order is ready.",
    message_type: "text",
  });
  return [
    "",
    "Nothing leaves this machine: WhatsApp, the Tenant Service and the Conversation Service are emulated.",
    "",
    "Send a message:",
    `  curl -s ${serverUrl}/api/v1/messages/send -H 'content-type: application/json' -d '${body}'`,
    "Make WhatsApp fail twice, then send again:",
    `  curl -s ${sandbox.graphUrl}/__emulator/faults -H 'content-type: application/json' -d '{"target":"graph","trigger":{"next":2},"effect":{"status":503}}'`,
    "See what WhatsApp and the Conversation Service were told:",
    `  curl -s ${sandbox.graphUrl}/__emulator/requests`,
    `  curl -s ${sandbox.conversationUrl}/api/v1/conversations/${sandboxIds.conversation}/messages`,
    "",
    "",
  ].join("\n");
}
