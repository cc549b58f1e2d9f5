/** What a service needs from a running sandbox. The sandbox of `@message-sender/emulator` fits. */
export interface SandboxHandle {
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
  readonly webhooks: { target(target: { readonly url: string; readonly appSecret: string }): void };
  /** Receives status callbacks. */
  readonly callbacks?: { readonly url: string; readonly secret: string };
  close(): Promise<void>;
}
