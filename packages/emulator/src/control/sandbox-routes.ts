import { z } from "#zod";

import { coverage } from "../coverage/coverage.ts";
import type { Tenants } from "../tenant-service/tenants.ts";
import type { SandboxClock } from "./clock.ts";
import { type ControlRoute, route } from "./routes/route.ts";
import { anyShape, quotaShape } from "./shapes.ts";

interface SandboxRoutesDeps {
  readonly urls: () => Readonly<Record<string, string>>;
  /** Each as `GET /__emulator/faults`. */
  readonly routes: () => readonly string[];
  readonly document: () => object;
  readonly clock: SandboxClock;
  readonly tenants: () => Tenants;
  readonly reset: () => void;
}

/** The sandbox as a whole. */
export function sandboxRoutes(deps: SandboxRoutesDeps): readonly ControlRoute[] {
  const { urls, routes, document, clock, tenants, reset } = deps;
  const time = z.object({ now: z.number().describe("Milliseconds since the epoch.") });

  return [
    route({
      method: "GET",
      path: "",
      operation: "getOverview",
      tag: "Sandbox",
      summary: "Show the URLs of the services, these routes, and what of WhatsApp is emulated",
      answers: { 200: { description: "The overview.", schema: anyShape } },
      handle: () => ({ status: 200, body: { services: urls(), control: routes(), coverage } }),
    }),
    route({
      method: "GET",
      path: "/openapi.json",
      operation: "getOpenApi",
      tag: "Sandbox",
      summary: "Show this document",
      answers: { 200: { description: "The document, in OpenAPI 3.1.", schema: anyShape } },
      handle: () => ({ status: 200, body: document() }),
    }),
    route({
      method: "POST",
      path: "/reset",
      operation: "reset",
      tag: "Sandbox",
      summary: "Restore the initial state",
      description:
        "The seeds, no faults, empty logs, no pending webhooks, no hanging requests. Targets of webhooks stay.",
      answers: { 204: { description: "Everything is as at the start." } },
      handle() {
        reset();
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: "/clock",
      operation: "getClock",
      tag: "Sandbox",
      summary: "Show the sandbox's time",
      answers: { 200: { description: "The time.", schema: time } },
      handle: () => ({ status: 200, body: { now: clock.now() } }),
    }),
    route({
      method: "POST",
      path: "/clock",
      operation: "advanceClock",
      tag: "Sandbox",
      summary: "Advance limits, windows, token expiry and the times in webhooks",
      body: z.strictObject({ advanceMs: z.number().min(0) }),
      examples: { "a day": { advanceMs: 86_400_000 } },
      answers: { 200: { description: "The new time.", schema: time } },
      handle({ body }) {
        clock.advance(body.advanceMs);
        return { status: 200, body: { now: clock.now() } };
      },
    }),
    route({
      method: "PUT",
      path: "/quota/:tenantId",
      operation: "setQuota",
      tag: "Sandbox",
      summary: "Set the quota of a tenant",
      params: z.object({ tenantId: z.string() }),
      body: z.strictObject({ limit: z.int().min(0) }),
      examples: { "five messages": { limit: 5 } },
      answers: { 200: { description: "The quota.", schema: quotaShape } },
      handle({ params, body }) {
        const quota = tenants().ensureQuota(params.tenantId);
        quota.setLimit(body.limit);
        return { status: 200, body: quota.state() };
      },
    }),
  ];
}
