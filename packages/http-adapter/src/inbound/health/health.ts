import type { MessageSender } from "@message-sender/core";
import { z } from "zod";

import { unavailableTo } from "../problems/problem-details.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson } from "../requests/respond.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";

const livenessRoute = defineRoute({
  method: "GET",
  path: "/healthz",
  scope: "open",
  operation: "getLiveness",
  tag: "Server",
  summary: "Check that the process answers",
  description: "For the liveness probe of an orchestrator. It touches nothing outside the process.",
  answers: {
    200: {
      description: "The process answers.",
      schema: z.object({ status: z.literal("ok") }).meta({ id: "Liveness" }),
      examples: { ok: { status: "ok" } },
    },
  },
  problems: [],
});

const readinessRoute = defineRoute({
  method: "GET",
  path: "/readyz",
  scope: "open",
  operation: "getReadiness",
  tag: "Server",
  summary: "Check that the server can accept messages",
  description:
    "For the readiness probe of an orchestrator and for load balancers. It makes a commit to the store: a server with a full or read-only disk is not ready, and neither is one that shuts down.",
  answers: {
    200: {
      description: "The store accepts commits.",
      schema: z.object({ status: z.literal("ready") }).meta({ id: "Readiness" }),
      examples: { ready: { status: "ready" } },
    },
  },
  problems: ["unavailable"],
});

/** What orchestrators and load balancers ask. */
export function mountHealth(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  routes.add(livenessRoute, (c) => respondJson(c, { status: "ok" }));
  routes.add(readinessRoute, (c) =>
    sender.check().match(
      () => respondJson(c, { status: "ready" }),
      (error) => fail(c, error, unavailableTo.check),
    ),
  );
}
