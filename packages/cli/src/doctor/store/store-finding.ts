import type { Check } from "../check.ts";

/** The checks of a store, and what is known about it, as `--json` prints it under `store`. */
export interface StoreFinding {
  readonly checks: readonly Check[];
  readonly facts: Readonly<Record<string, unknown>> & { readonly kind: "memory" | "sqlite" | "postgres" };
}
