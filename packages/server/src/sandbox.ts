import type { SandboxView } from "@message-sender/console";

import type { SandboxHandle } from "./sandbox-handle.ts";
import type { ServiceOptions } from "./service-options.ts";

/** The options with the URLs of the sandbox. */
export function inSandbox(options: ServiceOptions, sandbox: SandboxHandle): ServiceOptions {
  const { tenantsFile: _, tenantServiceUrl: __, webhooks, ...others } = options;
  return {
    databaseUrl: "memory:",
    ...others,
    graphUrl: sandbox.graphUrl,
    ...(options.tenants === undefined && { tenantServiceUrl: sandbox.tenantUrl }),
    conversationServiceUrl: sandbox.conversationUrl,
    // Nothing but this machine is within reach of a sandbox.
    statusCallbacks: { allowPrivate: true, ...receiverOf(sandbox), ...options.statusCallbacks },
    webhooks: {
      appSecret: [webhooks?.appSecret ?? [], sandboxAppSecret].flat(),
      verifyToken: webhooks?.verifyToken ?? sandboxAppSecret,
    },
  };
}

/** What the console shows of a sandbox. */
export function sandboxViewOf({ graphUrl, faults }: SandboxHandle): SandboxView {
  return {
    url: `${graphUrl}/`,
    outlets: sampleOutlets,
    addFault: (fault) => void faults?.add({ ...fault, target: "graph.messages" }),
  };
}

/** The first of the sandbox's samples. A sandbox accepts any tenant and outlet. */
export const sandboxIds = {
  tenant: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b01",
  outlet: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b02",
  conversation: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b03",
};

/** Those of the sandbox's samples, a business with two outlets and one with one. */
const sampleOutlets = [
  { tenantId: sandboxIds.tenant, outletId: sandboxIds.outlet },
  { tenantId: sandboxIds.tenant, outletId: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b04" },
  { tenantId: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b11", outletId: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b12" },
];

function receiverOf({ callbacks }: SandboxHandle): ServiceOptions["statusCallbacks"] {
  return callbacks && { url: callbacks.url, secret: callbacks.secret };
}

/** Makes the sandbox send the server a webhook when a message is sent, delivered and read, and its page lead to the console. */
export function connectWebhooks(sandbox: SandboxHandle, serverUrl: string): void {
  sandbox.links?.add({ label: "Console", href: `${serverUrl}/console` });
  sandbox.webhooks.target({ url: `${serverUrl}/webhooks/whatsapp`, appSecret: sandboxAppSecret });
}

const sandboxAppSecret = "the-sandbox-has-no-secrets";
