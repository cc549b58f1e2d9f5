import type { SandboxFault } from "@message-sender/console";

/** What a service needs from a running sandbox. The sandbox of `@message-sender/emulator` fits. */
export interface SandboxHandle {
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
  readonly webhooks: {
    /** Sets where WhatsApp's webhooks go, and the secret that signs them. */
    target(target: { readonly url: string; readonly appSecret: string }): void;
  };
  /** Makes WhatsApp misbehave, for the console's buttons. */
  readonly faults?: {
    /** Adds a fault for the messages that include a text. */
    add(
      fault: SandboxFault & { readonly target: "graph.messages"; readonly match: { readonly messageIncludes: string } },
    ): unknown;
  };
  /** The links on the sandbox's page. */
  readonly links?: {
    /** Adds one. */
    add(link: { readonly label: string; readonly href: string }): void;
  };
  /** Receives status callbacks. */
  readonly callbacks?: { readonly url: string; readonly secret: string };
  /** Stops all of it. */
  close(): Promise<void>;
}
