import type { FaultMatch } from "./fault-match.ts";

/**
 * The requests that a fault is for. `graph` is messages and media; `graph.management` is everything else of Graph. `tenant` is credentials, quota and callbacks. `callbacks` is the
 * receiver of status callbacks.
 */
export type FaultTarget =
  | "graph"
  | "graph.messages"
  | "graph.media"
  | "graph.management"
  | "tenant"
  | "tenant.credentials"
  | "tenant.quota"
  | "tenant.callbacks"
  | "conversation"
  | "callbacks";

/** Which of the matching requests the fault affects: all of them, the next N, or every Nth. */
export type FaultTrigger = "always" | { readonly next: number } | { readonly every: number };

/** An error of Meta's, by its code. */
export interface GraphErrorEffect {
  readonly graphError: number;
  readonly details?: string;
  /** Default: Meta's status for the code. */
  readonly status?: number;
  readonly isTransient?: boolean;
  readonly retryAfterSeconds?: number;
}

/** An answer from a proxy in front of the service. */
export interface StatusEffect {
  readonly status: number;
  /** Default: an HTML page; nothing with a status that has no body, such as 204. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens to an affected request. */
export type FaultEffect =
  /** Only for the target `graph`. */
  | GraphErrorEffect
  | StatusEffect
  /** The request is carried out after a delay. */
  | { readonly delayMs: number }
  /** The request is carried out at once; the answer is delayed. */
  | { readonly acceptThenDelayMs: number }
  /** No answer, until the client gives up or the sandbox resets or closes. The request is not carried out. */
  | { readonly hang: true }
  /** The connection is reset before or after the request's body is read. The request is not carried out. */
  | { readonly reset: "before" | "after" }
  /** The request is carried out, and its answer never arrives. */
  | { readonly acceptThenLose: "reset" | "close" | "hang" }
  /** The request is carried out, and half of the answer's body arrives. */
  | { readonly truncate: true }
  /** Status 200 with an HTML page. The request is not carried out. */
  | { readonly html: true };

/** A fault to add: which requests it affects, and how. */
export interface Fault {
  readonly target: FaultTarget;
  /** Default: `always`. */
  readonly trigger?: FaultTrigger;
  /** Default: every request to the target. */
  readonly match?: FaultMatch;
  readonly effect: FaultEffect;
}

/** An active fault. */
export interface FaultHandle extends Fault {
  readonly id: string;
  /** How many requests it affected. */
  readonly hits: number;
  /** Ends the fault. */
  remove(): void;
}
