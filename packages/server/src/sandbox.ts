import type { ServiceOptions } from "./service-options.ts";

/** What a service needs of a running sandbox; that of `@message-sender/emulator` fits. */
export interface SandboxHandle {
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
  readonly webhooks: { target(target: { readonly url: string; readonly appSecret: string }): void };
  close(): Promise<void>;
}

/** The options, pointed at the sandbox. */
export function inSandbox(options: ServiceOptions, sandbox: SandboxHandle): ServiceOptions {
  const { tenantsFile: _, tenantServiceUrl: __, webhooks, ...others } = options;
  return {
    databaseUrl: "memory:",
    ...others,
    graphUrl: sandbox.graphUrl,
    ...(options.tenants === undefined && { tenantServiceUrl: sandbox.tenantUrl }),
    conversationServiceUrl: sandbox.conversationUrl,
    webhooks: {
      appSecret: [webhooks?.appSecret ?? [], sandboxAppSecret].flat(),
      verifyToken: webhooks?.verifyToken ?? sandboxAppSecret,
    },
  };
}

/** Has the sandbox report each message to the server as sent, delivered and read. */
export function connectWebhooks(sandbox: SandboxHandle, serverUrl: string): void {
  sandbox.webhooks.target({ url: `${serverUrl}/webhooks/whatsapp`, appSecret: sandboxAppSecret });
}

const sandboxAppSecret = "the-sandbox-has-no-secrets";
