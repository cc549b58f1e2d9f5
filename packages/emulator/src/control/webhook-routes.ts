import { z } from "zod";

import { matchSchema } from "../faults/fault-schema.ts";
import { errorsSchema, inboundSchema, preferenceSchema, rawChangeSchema } from "../webhooks/inbound-schema.ts";
import { webhookSettingsSchema } from "../webhooks/webhook-options.ts";
import { targetSchema } from "../webhooks/webhook-target.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import { idParam } from "./routes/bodies.ts";
import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import { anyShape, webhookStateShape } from "./shapes.ts";

const ruleSchema = z.strictObject({
  wamid: z.string().min(1).describe("Without `wamid` and `match`, the rule applies to every message.").exactOptional(),
  match: matchSchema.exactOptional(),
  errorCode: z.int().min(0),
  details: z.string().optional(),
});

const scope = {
  wabaId: z.string().min(1).describe("The target is for the webhooks of this account.").optional(),
  phoneNumberId: z.string().min(1).describe("The target is for the webhooks of this number.").optional(),
};

const settingsSchema = z
  .strictObject({
    ...targetSchema.partial().shape,
    verifyToken: z
      .string()
      .describe("With it, the endpoint is first asked for `hub.challenge`, as Meta does when a URL is set.")
      .optional(),
    ...scope,
    ...webhookSettingsSchema.shape,
    withhold: z.boolean().describe("Holds webhooks back; false sends them.").optional(),
    duplicate: z.int().min(1).max(100).describe("How many times each webhook is sent.").optional(),
    reorder: z.boolean().describe("Whether those that were held back are shuffled.").optional(),
    fail: z.array(ruleSchema).describe("Messages that fail after they were accepted.").optional(),
  })
  .refine(({ url, appSecret }) => (url === undefined) === (appSecret === undefined), {
    error: "url and appSecret are required together",
    path: ["appSecret"],
  })
  .refine(
    ({ url, verifyToken, wabaId, phoneNumberId }) => url !== undefined || !(verifyToken ?? wabaId ?? phoneNumberId),
    {
      error: "verifyToken, wabaId and phoneNumberId are of a target, which needs a url",
      path: ["url"],
    },
  )
  .refine(({ wabaId, phoneNumberId }) => wabaId === undefined || phoneNumberId === undefined, {
    error: "a target is for an account or for a number",
    path: ["wabaId"],
  });

type Settings = z.output<typeof settingsSchema>;

/** Where webhooks go and how, and webhooks that somebody asks for. */
export function webhookRoutes(webhooks: WebhookService): readonly ControlRoute[] {
  async function setTarget({ url, appSecret, verifyToken, wabaId, phoneNumberId }: Settings): Promise<void> {
    if (url === undefined || appSecret === undefined) return;
    const target = { url, appSecret };
    const scoped = wabaId === undefined ? phoneNumberId && { phoneNumberId } : { wabaId };
    if (verifyToken === undefined) webhooks.target(target, scoped || undefined);
    else {
      await webhooks.subscribe({ ...target, verifyToken }, scoped || undefined).catch((cause: unknown) => {
        throw new ControlProblem(409, "Not verified", cause instanceof Error ? cause.message : "");
      });
    }
  }

  return [
    route({
      method: "GET",
      path: "/webhooks",
      operation: "getWebhooks",
      tag: "Webhooks",
      summary: "Show where webhooks go and how, and those that were sent, with their bytes",
      answers: { 200: { description: "The settings, without the app secret.", schema: webhookStateShape } },
      handle: () => ({ status: 200, body: webhooks.state() }),
    }),
    route({
      method: "PUT",
      path: "/webhooks",
      operation: "setWebhooks",
      tag: "Webhooks",
      summary: "Set where webhooks go, how, and which messages fail",
      description: "Changes the given settings and keeps the others, until the reset. Targets survive a reset.",
      body: settingsSchema,
      examples: {
        "where they go": {
          url: "http://127.0.0.1:3000/webhooks",
          appSecret: "the-app-secret",
          verifyToken: "the-token",
        },
        "withheld and repeated": { withhold: true, duplicate: 2, reorder: true },
        "undeliverable to a number": { fail: [{ match: { to: "+628123456789" }, errorCode: 131026 }] },
        "only what is chosen": { statuses: [] },
      },
      answers: {
        200: { description: "The settings, without the app secret.", schema: webhookStateShape },
        409: { description: "The endpoint did not answer to `hub.challenge`. Nothing has changed." },
      },
      async handle({ body }) {
        await setTarget(body);
        const { url: _, appSecret: __, verifyToken: ___, wabaId: ____, phoneNumberId: _____, ...rest } = body;
        const { withhold, duplicate, reorder, fail = [], ...settings } = rest;
        webhooks.configure(settings);
        if (duplicate !== undefined) webhooks.duplicate(duplicate);
        if (reorder !== undefined) webhooks.reorder(reorder);
        for (const { errorCode, details, ...which } of fail) webhooks.fail(which, errorCode, details);
        if (withhold === true) webhooks.withhold();
        if (withhold === false) webhooks.release();
        return { status: 200, body: webhooks.state() };
      },
    }),
    route({
      method: "POST",
      path: "/webhooks/:id/redeliver",
      operation: "redeliverWebhook",
      tag: "Webhooks",
      summary: "Send a webhook again, with the same bytes",
      params: idParam,
      answers: { 202: { description: "It is on its way." }, 404: { description: "No webhook with this id was sent." } },
      handle({ params }) {
        if (webhooks.redeliver(params.id)) return { status: 202 };
        throw new ControlProblem(404, "Unknown webhook");
      },
    }),
    route({
      method: "POST",
      path: "/webhooks/inbound",
      operation: "receiveMessage",
      tag: "Webhooks",
      summary: "Receive a message from a person, in Meta's own form",
      description: "`POST /__emulator/customers/{customer}/messages` does it in the customer's words.",
      body: inboundSchema,
      examples: { "a text": { phoneNumberId: "106540352242922", from: "+628123456789", text: "Thanks!" } },
      answers: { 200: { description: "The message was received.", schema: z.object({ id: z.string() }) } },
      handle: ({ body }) => ({ status: 200, body: { id: webhooks.inbound(body) } }),
    }),
    route({
      method: "POST",
      path: "/webhooks/preferences",
      operation: "receivePreference",
      tag: "Webhooks",
      summary: "A person stops marketing messages, or allows them again",
      body: preferenceSchema,
      examples: { "no more": { phoneNumberId: "106540352242922", from: "+628123456789", value: "stop" } },
      answers: { 200: { description: "The preference is known.", schema: anyShape } },
      handle({ body }) {
        webhooks.preference(body);
        return { status: 200, body };
      },
    }),
    route({
      method: "POST",
      path: "/webhooks/errors",
      operation: "receiveErrors",
      tag: "Webhooks",
      summary: "Send errors that are about no single message",
      body: errorsSchema,
      examples: { "a rate limit": { phoneNumberId: "106540352242922", errors: [{ code: 130429 }] } },
      answers: { 200: { description: "The webhook is on its way.", schema: anyShape } },
      handle({ body }) {
        webhooks.errors(body);
        return { status: 200, body };
      },
    }),
    route({
      method: "POST",
      path: "/webhooks/raw",
      operation: "receiveChange",
      tag: "Webhooks",
      summary: "Send any other change",
      description:
        "Of a number: `messaging_product` and `metadata` are added unless the value has them. Of an account: as given.",
      body: rawChangeSchema,
      examples: {
        "a paused template": {
          wabaId: "102290129340398",
          field: "message_template_status_update",
          value: { event: "PAUSED", message_template_name: "order_ready", message_template_language: "en_US" },
        },
        "a call": {
          phoneNumberId: "106540352242922",
          field: "calls",
          value: { calls: [{ id: "wacid.A", event: "connect" }] },
        },
      },
      answers: { 200: { description: "The webhook is on its way.", schema: anyShape } },
      handle({ body }) {
        webhooks.raw(body);
        return { status: 200, body };
      },
    }),
  ];
}
