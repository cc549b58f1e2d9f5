import type { Failure, FailureClass, ThrottleScope } from "@message-sender/core";

/**
 * What an error code means for a send. The class decides: `transient` and `throttled` are repeated, `credentials` once with
 * other credentials, and every other class is final.
 */
export type GraphErrorRule = {
  /** What it says, in a few words that read on in the middle of a sentence. */
  readonly title: string;
  /** What a person can do about it. */
  readonly advice: string;
  readonly concerns?: NonNullable<Failure["concerns"]>;
} & (
  | {
      readonly class: "transient";
      /** It sometimes follows a send that went through. */
      readonly maybeProcessed: boolean;
    }
  | {
      readonly class: "throttled";
      readonly scope: ThrottleScope;
      /** The least wait before a repeat; a longer `Retry-After` goes before it. */
      readonly waitMs?: number;
    }
  | { readonly class: Exclude<FailureClass, "transient" | "throttled"> }
);

/** Where a row's code is described. */
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

/** A rule as the table has it: with where it is from and why it is so. */
export type GraphErrorRow = GraphErrorRule & {
  readonly source: GraphErrorSource;
  /** Why this class, where that is not plain. */
  readonly reason?: string;
  /** Other software decides otherwise; such a row always has its reason. */
  readonly isDisputed?: true;
};

export type GraphErrorRows = Readonly<Record<number, GraphErrorRow>>;
