/** An event that the oracle logs, as one line, before it acts. */
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
  /** No answer was given. With a `wamid` if the message was accepted. */
  | { readonly at: number; readonly kind: "dropped"; readonly request: number; readonly wamid?: string }
  /** The server's answer to a status webhook. 0 if there was none. */
  | {
      readonly at: number;
      readonly kind: "webhook";
      readonly callbackData: string;
      readonly wamid: string;
      readonly status: ProviderStatus;
      readonly answered: number;
    }
  /** A status callback of the server. Not taken if the receiver failed. */
  | {
      readonly at: number;
      readonly kind: "callback";
      /** Its `webhook-id`. */
      readonly id: string;
      readonly messageId: string;
      readonly version: number;
      readonly status: string;
      readonly isSigned: boolean;
      readonly isTaken: boolean;
    };

export type ProviderStatus = "sent" | "delivered" | "read" | "failed";

/** An event that the clients log. A call is a message that a client wants to send, in one or several requests. */
export type ClientEvent =
  | {
      readonly at: number;
      readonly kind: "asked";
      readonly call: string;
      readonly tenantId: string;
      readonly by: "http" | "queue";
      readonly key?: string;
      /** The trace id of this request. A message has that of the request that created it. */
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
  /** No answer came: the connection ended, or the client timed out. */
  | {
      readonly at: number;
      readonly kind: "lost";
      readonly call: string;
      readonly trace?: string;
      readonly how?: "reset" | "timeout";
    }
  /** The server became ready, or ended. */
  | { readonly at: number; readonly kind: "up" | "down" }
  | {
      readonly at: number;
      readonly kind: "shown";
      readonly messageId: string;
      readonly status: string;
      readonly wamid?: string;
      readonly possibleDuplicate?: boolean;
    };

/** The final counts of the services. */
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
