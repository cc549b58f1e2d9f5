import { z } from "zod";

import type { GraphState } from "../graph/graph-state.ts";
import { limitsSchema } from "../graph/limits/limits.ts";
import { messageStatusesSchema } from "../graph/message-statuses.ts";
import type { GraphReceipt } from "../graph/receipts.ts";
import { templatesSchema } from "../graph/templates/template-seed.ts";
import { usageSchema } from "../graph/usage.ts";
import { type ControlRoute, route } from "./routes/route.ts";
import { anyShape } from "./shapes.ts";

interface WhatsAppRoutesDeps {
  readonly state: () => GraphState;
  readonly receipts: () => readonly GraphReceipt[];
}

/** `sandbox.graph` over HTTP. */
export function whatsAppRoutes({ state, receipts }: WhatsAppRoutesDeps): readonly ControlRoute[] {
  /** A route that replaces something until the reset, and answers with it. */
  function replacing<T extends object>(
    path: string,
    schema: z.ZodType<T>,
    set: (value: T) => void,
    words: { operation: string; summary: string; description?: string; example: T },
  ): ControlRoute {
    const { example, ...described } = words;
    return route({
      ...described,
      method: "PUT",
      path,
      tag: "WhatsApp",
      body: schema,
      examples: { example },
      answers: { 200: { description: "As set.", schema: z.union([anyShape, z.array(anyShape)]) } },
      handle({ body }) {
        set(body);
        return { status: 200, body };
      },
    });
  }

  return [
    route({
      method: "GET",
      path: "/limits",
      operation: "getLimits",
      tag: "WhatsApp",
      summary: "Show which of WhatsApp's limits apply",
      answers: { 200: { description: "The limits.", schema: limitsSchema } },
      handle: () => ({ status: 200, body: state().limiter.limits }),
    }),
    replacing("/limits", limitsSchema, (limits) => void (state().limiter.limits = limits), {
      operation: "setLimits",
      summary: "Turn limits of WhatsApp on",
      description: "`throughputOf` gives single numbers their own limit; `{}` turns all off.",
      example: { throughputPerSecond: 80, throughputOf: { "106540352242922": 20 }, pair: true, window: true },
    }),
    replacing("/templates", templatesSchema, (templates) => state().templates.seed(templates), {
      operation: "setTemplates",
      summary: "Set the templates that exist",
      description: "With `[]` every template does, with any parameters.",
      example: [{ name: "order_ready", language: "en_US", category: "utility", body: 1, status: "paused" }],
    }),
    replacing("/message-statuses", messageStatusesSchema, (rules) => void (state().messageStatuses = rules), {
      operation: "setMessageStatuses",
      summary: "Set the `message_status` in answers to sends",
      example: [{ messageStatus: "paused", template: "order_ready" }],
    }),
    replacing("/usage", usageSchema, (usage) => void (state().usage = usage), {
      operation: "setUsage",
      summary: "Set the usage headers of answers",
      description: "`{}` removes them.",
      example: { app: { call_count: 90 } },
    }),
    route({
      method: "GET",
      path: "/receipts",
      operation: "listReceipts",
      tag: "WhatsApp",
      summary: "List which messages were marked as read",
      answers: {
        200: { description: "The receipts, the oldest first.", schema: z.object({ receipts: z.array(anyShape) }) },
      },
      handle: () => ({ status: 200, body: { receipts: receipts() } }),
    }),
  ];
}
