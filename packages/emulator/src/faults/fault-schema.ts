import { z } from "#zod";

import type { FaultMatch } from "./fault-match.ts";
import type { Fault, FaultEffect } from "./fault.ts";

const count = z.int().min(1);
const status = z.int().min(200).max(599);

const effectSchema: z.ZodType<FaultEffect> = z.union(
  [
    z.strictObject({
      graphError: z.int().min(0),
      details: z.string().exactOptional(),
      status: status.exactOptional(),
      isTransient: z.boolean().exactOptional(),
      retryAfterSeconds: z.number().min(0).exactOptional(),
    }),
    z.strictObject({
      status,
      body: z.string().exactOptional(),
      headers: z.record(z.string(), z.string()).exactOptional(),
    }),
    z.strictObject({ delayMs: z.number().min(0) }),
    z.strictObject({ acceptThenDelayMs: z.number().min(0) }),
    z.strictObject({ hang: z.literal(true) }),
    z.strictObject({ reset: z.enum(["before", "after"]) }),
    z.strictObject({ acceptThenLose: z.enum(["reset", "close", "hang"]) }),
    z.strictObject({ truncate: z.literal(true) }),
    z.strictObject({ html: z.literal(true) }),
  ],
  {
    error:
      "effect must be one of graphError, status, delayMs, acceptThenDelayMs, hang, reset, acceptThenLose, truncate, html",
  },
);

const targets = [
  "graph",
  "graph.messages",
  "graph.media",
  "graph.management",
  "tenant",
  "tenant.credentials",
  "tenant.quota",
  "tenant.callbacks",
  "conversation",
  "callbacks",
] as const;

export const matchSchema: z.ZodType<FaultMatch> = z.strictObject({
  to: z.string().exactOptional(),
  tenantId: z.string().exactOptional(),
  phoneNumberId: z.string().exactOptional(),
  messageIncludes: z.string().exactOptional(),
});

/** What `Faults.add` accepts, in process and over HTTP. */
export const faultSchema: z.ZodType<Fault> = z
  .strictObject({
    target: z.enum(targets),
    trigger: z
      .union([z.literal("always"), z.strictObject({ next: count }), z.strictObject({ every: count })], {
        error: 'trigger must be "always", {"next": N} or {"every": N}',
      })
      .exactOptional(),
    match: matchSchema.exactOptional(),
    effect: effectSchema,
  })
  .refine((fault) => fault.target.startsWith("graph") || !("graphError" in fault.effect), {
    error: "graphError requires the target graph",
    path: ["effect", "graphError"],
  });
