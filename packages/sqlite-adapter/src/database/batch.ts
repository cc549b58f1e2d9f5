import type { Procedures } from "../procedures/procedures.ts";

export type ProcedureName = keyof Procedures;

/** One procedure and its arguments. */
export type Call = readonly [name: ProcedureName, args: readonly unknown[]];

/**
 * One answer per call, in the same order, or the reason why none of the calls was applied. `isReadOnly`: no call changed anything, so
 * the commit wrote nothing to the disk.
 */
export type BatchAnswer =
  | { readonly answers: readonly unknown[]; readonly isReadOnly?: true }
  | { readonly failure: string };
