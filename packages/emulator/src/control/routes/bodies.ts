import { z } from "#zod";

/** Parts of requests that several routes have. */
export const idParam = z.object({ id: z.string() });

export const timeoutMs = z.coerce
  .number()
  .min(0)
  .max(600_000)
  .default(5_000)
  .describe("How long to wait, in milliseconds. 0: only look.");

/** A number in a query. */
export const count = z.coerce.number().int().min(0);
