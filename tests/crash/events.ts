/** What the oracle writes down, a line each, before it does it. */
export type OracleEvent =
  | { readonly at: number; readonly kind: "request"; readonly request: number; readonly callbackData: string }
  | {
      readonly at: number;
      readonly kind: "answered";
      readonly request: number;
      readonly status: number;
      readonly code?: number;
      readonly wamid?: string;
    }
  /** No answer was given; with a `wamid` where it was accepted. */
  | { readonly at: number; readonly kind: "dropped"; readonly request: number; readonly wamid?: string }
  /** What the server answered to a status webhook; 0 where it did not. */
  | {
      readonly at: number;
      readonly kind: "webhook";
      readonly callbackData: string;
      readonly wamid: string;
      readonly status: ProviderStatus;
      readonly answered: number;
    };

export type ProviderStatus = "sent" | "delivered" | "read" | "failed";

/** What the clients write down. A call is one thing that somebody wants sent; it may be asked for several times. */
export type ClientEvent =
  | {
      readonly at: number;
      readonly kind: "asked";
      readonly call: string;
      readonly tenantId: string;
      readonly by: "http" | "queue";
      readonly key?: string;
      /** Of this request alone: a message has that of the request that it came with. */
      readonly trace?: string;
    }
  | {
      readonly at: number;
      readonly kind: "answered";
      readonly call: string;
      readonly trace?: string;
      readonly status: number;
      readonly messageId?: string;
      readonly messageStatus?: string;
      readonly problem?: string;
    }
  /** No answer came: the connection ended, or the client did not wait any longer. */
  | {
      readonly at: number;
      readonly kind: "lost";
      readonly call: string;
      readonly trace?: string;
      readonly how?: "reset" | "timeout";
    }
  /** The server was seen to be ready, or gone. */
  | { readonly at: number; readonly kind: "up" | "down" }
  | {
      readonly at: number;
      readonly kind: "shown";
      readonly messageId: string;
      readonly status: string;
      readonly wamid?: string;
      readonly possibleDuplicate?: boolean;
    };

/** What the services around the server count in the end. */
export interface Accounts {
  /** Units used, by tenant. */
  readonly used: Readonly<Record<string, number>>;
  readonly history: readonly HistoryAccount[];
}

interface HistoryAccount {
  readonly message_id: string;
  readonly version: number;
  readonly status: string;
}
