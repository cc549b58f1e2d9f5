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

function receiverOf({ callbacks }: SandboxHandle): ServiceOptions["statusCallbacks"] {
  return callbacks && { url: callbacks.url, secret: callbacks.secret };
}

/** Makes the sandbox send the server a webhook when a message is sent, delivered and read. */
export function connectWebhooks(sandbox: SandboxHandle, serverUrl: string): void {
  sandbox.webhooks.target({ url: `${serverUrl}/webhooks/whatsapp`, appSecret: sandboxAppSecret });
}

const sandboxAppSecret = "the-sandbox-has-no-secrets";
