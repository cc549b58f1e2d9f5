/** What a service needs from a running sandbox. The sandbox of `@message-sender/emulator` fits. */
export interface SandboxHandle {
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
  readonly webhooks: {
    /** Sets where WhatsApp's webhooks go, and the secret that signs them. */
    target(target: { readonly url: string; readonly appSecret: string }): void;
  };
  /** Receives status callbacks. */
  readonly callbacks?: { readonly url: string; readonly secret: string };
  /** Stops all of it. */
  close(): Promise<void>;
}
