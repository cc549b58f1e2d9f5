import { z } from "#zod";

/** What the control API answers with, for its document. */

const fields = z.record(z.string(), z.unknown());
const at = z.number().describe("Milliseconds since the epoch.");
const status = z.enum(["sent", "delivered", "read", "played", "failed"]);
const error = z.object({ code: z.int(), details: z.string().optional() });

export const messageShape = z.object({
  seq: z.int().describe("Counts the messages since the start."),
  id: z.string(),
  direction: z.enum(["out", "in"]).describe("`out`: the business sent it; `in`: the customer did."),
  at,
  phoneNumberId: z.string(),
  customer: z.string().describe("The phone number in digits, or else the business-scoped user id."),
  profileName: z.string().optional(),
  type: z.string(),
  text: z.string().describe("What the person reads, line by line."),
  content: fields.describe("Meta's own object: the body of the send, or the message of the webhook."),
  status: z.enum(["accepted", "received", ...status.options]),
  statuses: z.array(z.object({ status, at, error: error.optional() })),
});

export const webhookShape = z.object({
  id: z.string().describe("The same for each attempt and each copy of a webhook."),
  at,
  url: z.string(),
  kind: z.enum(["status", "message", "preference", "errors", "raw"]),
  about: z.object({ wabaId: z.string(), phoneNumberId: z.string().optional() }),
  statuses: z.array(z.object({ wamid: z.string(), status })),
  updates: z.int().describe("How many updates it carries: more than one in a batch."),
  headers: z.record(z.string(), z.string()),
  body: z.string().describe("The bytes that were sent, which are ASCII."),
  attempt: z.int(),
  tookMs: z.int(),
  responseStatus: z.int().describe("Absent when no answer came.").optional(),
  error: z.string().describe("Why no answer came.").optional(),
});

const madeWebhookShape = z.object({
  id: z.string().describe("Absent when there is no target, so that it is not sent.").optional(),
  payload: z.looseObject({ object: z.string(), entry: z.array(fields) }),
});

export const actShape = z.object({ message: messageShape.optional(), webhook: madeWebhookShape });

export const requestShape = z.looseObject({
  at,
  endedAt: z.number().optional(),
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.unknown()),
  body: z.unknown().describe("The parsed JSON, or the text where it is not JSON.").optional(),
  rawBody: z.string().describe("The body's bytes, read as UTF-8.").optional(),
  status: z.int().describe("Absent when no answer was given.").optional(),
  fault: z.string().describe("The id of the fault that was applied.").optional(),
});

export const webhookStateShape = z.looseObject({
  url: z.string().nullable(),
  withheld: z.boolean(),
  duplicate: z.int(),
  reorder: z.boolean(),
  onTheWay: z.int().describe("How many are in flight or will be sent."),
  sent: z.array(webhookShape),
});

export const faultShape = z.looseObject({
  id: z.string(),
  target: z.string(),
  hits: z.int(),
});

export const quotaShape = z.object({ limit: z.int(), used: z.int(), remaining: z.int() });
export const anyShape = z.record(z.string(), z.unknown());
