import type { Subject } from "../../reports/peers.ts";

/** A question of one child to all, or of the parent to a child. */
interface Wanted {
  readonly kind: "Wanted";
  readonly id: number;
  readonly subject: Subject;
}

/** What a child says to its parent. */
export type FromChild =
  | { readonly kind: "Listening"; readonly url: string; readonly others: Readonly<Record<string, string>> }
  | Wanted
  | { readonly kind: "Told"; readonly id: number; readonly text: string };

/** What the parent says to a child. */
export type FromParent =
  | { readonly kind: "ShutDown" }
  | Wanted
  /** What the children said, each by its number. */
  | { readonly kind: "Collected"; readonly id: number; readonly texts: readonly (readonly [number, string])[] };
