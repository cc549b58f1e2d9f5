import type { Hono } from "hono";
import { z } from "zod";

import type { GraphState } from "../graph/graph-state.ts";
import { limitsSchema } from "../graph/limits/limits.ts";
import { messageStatusesSchema } from "../graph/message-statuses.ts";
import type { GraphReceipt } from "../graph/receipts.ts";
import { templatesSchema } from "../graph/templates.ts";
import { usageSchema } from "../graph/usage.ts";
import type { Env } from "../http/answer.ts";
import { inboundSchema, preferenceSchema, rawChangeSchema } from "../webhooks/inbound-schema.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import type { SandboxClock } from "./clock.ts";

export interface GraphControlDeps {
  readonly clock: SandboxClock;
  readonly state: () => GraphState;
  readonly receipts: () => readonly GraphReceipt[];
  readonly webhooks: WebhookService;
}

const advanceSchema = z.strictObject({ advanceMs: z.number().min(0) });

/** `sandbox.graph`, `sandbox.clock` and inbound `sandbox.webhooks` over HTTP. */
export function mountGraphControl(app: Hono<Env>, path: string, deps: GraphControlDeps): void {
  const { clock, state, receipts, webhooks } = deps;

  /** Adds a route that parses the body, applies the change and answers with what it returns. */
  function addRoute<T>(
    method: "PUT" | "POST",
    route: string,
    schema: z.ZodType<T>,
    change: (input: T) => object,
  ): void {
    app.on(method, `${path}/${route}`, async (c) => {
      const input = schema.safeParse(await c.req.json().catch(() => undefined));
      if (!input.success) return c.json({ title: "Bad request", detail: z.prettifyError(input.error) }, 400);
      return c.json(change(input.data));
    });
  }

  app.get(`${path}/clock`, (c) => c.json({ now: clock.now() }));
  addRoute("POST", "clock", advanceSchema, ({ advanceMs }) => {
    clock.advance(advanceMs);
    return { now: clock.now() };
  });

  app.get(`${path}/limits`, (c) => c.json(state().limiter.limits));
  addRoute("PUT", "limits", limitsSchema, (limits) => (state().limiter.limits = limits));
  addRoute("PUT", "templates", templatesSchema, (templates) => (state().templates = templates));
  addRoute("PUT", "message-statuses", messageStatusesSchema, (rules) => (state().messageStatuses = rules));
  addRoute("PUT", "usage", usageSchema, (usage) => (state().usage = usage));

  app.get(`${path}/media`, (c) => c.json({ media: state().media.all() }));
  app.get(`${path}/receipts`, (c) => c.json({ receipts: receipts() }));

  addRoute("POST", "webhooks/inbound", inboundSchema, (message) => ({ id: webhooks.inbound(message) }));
  addRoute("POST", "webhooks/preferences", preferenceSchema, (preference) => {
    webhooks.preference(preference);
    return preference;
  });
  addRoute("POST", "webhooks/raw", rawChangeSchema, (change) => {
    webhooks.raw(change);
    return change;
  });
}
