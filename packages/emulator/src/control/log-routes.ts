import { z } from "#zod";

import type { CallbackEvent } from "../callback-receiver/callback-receiver.ts";
import { withMaskedTokens } from "../http/masked-tokens.ts";
import type { RecordedRequest } from "../http/request-record.ts";
import { count } from "./routes/bodies.ts";
import { type ControlRoute, route } from "./routes/route.ts";
import { anyShape, requestShape } from "./shapes.ts";

interface LogRoutesDeps {
  /** By service. */
  readonly requests: () => Readonly<Record<string, readonly RecordedRequest[]>>;
  readonly callbacks: () => readonly CallbackEvent[];
}

/** What the services received. */
export function logRoutes({ requests, callbacks }: LogRoutesDeps): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/requests",
      operation: "listRequests",
      tag: "Logs",
      summary: "List the requests that each service received, with their bytes",
      description: "Access tokens are masked.",
      query: z.object({
        limit: count
          .max(100_000)
          .describe("Only the newest of each service. Default: all that are kept.")
          .exactOptional(),
      }),
      answers: {
        200: { description: "By service, the oldest first.", schema: z.record(z.string(), z.array(requestShape)) },
      },
      handle({ query: { limit } }) {
        const logs = Object.entries(requests()).map(([service, log]) => [
          service,
          (limit === undefined ? log : log.slice(log.length - Math.min(limit, log.length))).map(withMaskedTokens),
        ]);
        return { status: 200, body: Object.fromEntries(logs) };
      },
    }),
    route({
      method: "GET",
      path: "/callbacks",
      operation: "listCallbacks",
      tag: "Logs",
      summary: "List the status callbacks that were received",
      answers: { 200: { description: "In the order of arrival.", schema: z.object({ events: z.array(anyShape) }) } },
      handle: () => ({ status: 200, body: { events: callbacks() } }),
    }),
  ];
}
