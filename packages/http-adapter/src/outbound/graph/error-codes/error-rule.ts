import type { Failure } from "@message-sender/core";
import type { FailureClass, ThrottleScope } from "@message-sender/core/adapter";

/**
 * What an error code means for a send. The class decides: `transient` and `throttled` are retried, `credentials` is retried once
 * with other credentials, and every other class is final.
 */
export type GraphErrorRule = {
  /** The error in a few words, as a clause within a sentence. */
  readonly title: string;
  /** What a person can do about it. */
  readonly advice: string;
  readonly concerns?: NonNullable<Failure["concerns"]>;
} & (
  | {
      readonly class: "transient";
      /** The message may have been sent despite the error. */
      readonly maybeProcessed: boolean;
    }
  | {
      readonly class: "throttled";
      readonly scope: ThrottleScope;
      /** The minimum delay before a retry. A longer `Retry-After` takes precedence. */
      readonly waitMs?: number;
    }
  | { readonly class: Exclude<FailureClass, "transient" | "throttled"> }
);

/** Where a code is documented. */
export type GraphErrorSource =
  /** Cloud API, "Error codes", as of 19 November 2025. */
  | "Meta 2025"
  /** The same page as of September 2026, or another page of that year. */
  | "Meta 2026"
  /** Graph API, "Handle errors" and "Rate limits". */
  | "Graph guide"
  /** Meta's own business-messaging-api_v23.0.yaml. */
  | "OpenAPI"
  | "third party";

/** A rule of the table, with its source and reason. */
export type GraphErrorRow = GraphErrorRule & {
  readonly source: GraphErrorSource;
  /** Why the code has this class, if that is not obvious. */
  readonly reason?: string;
  /** Other software classifies the code differently. Such a row always has a reason. */
  readonly isDisputed?: true;
};

/** Rows of the table, by error code. */
export type GraphErrorRows = Readonly<Record<number, GraphErrorRow>>;
