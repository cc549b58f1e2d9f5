/** What a child says to its parent. */
export type FromChild =
  | { readonly kind: "Listening"; readonly url: string; readonly others: Readonly<Record<string, string>> }
  /** Asks for the metrics of all children. */
  | { readonly kind: "MetricsWanted"; readonly id: number }
  | { readonly kind: "Metrics"; readonly id: number; readonly text: string };

/** What the parent says to a child. */
export type FromParent =
  | { readonly kind: "ShutDown" }
  | { readonly kind: "MetricsOfAll"; readonly id: number; readonly text: string }
  /** Asks a child for its own metrics. */
  | { readonly kind: "MetricsWanted"; readonly id: number };
