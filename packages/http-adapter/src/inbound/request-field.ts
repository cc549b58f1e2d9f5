import { z } from "zod";

/** Says what a field is not, or that it is missing. */
export function orMissing(detail: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => (input === undefined ? "is missing" : detail);
}

export const uuidField = z.guid({ error: orMissing("is not a UUID") }).toLowerCase();

export const stringField = z.string({ error: orMissing("is not a string") });
