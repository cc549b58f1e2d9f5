import { z } from "zod";

import { identifierField, isAbsent, orMissing, requestBody, stringField } from "../fields/request-field.ts";
import { defineRoute } from "../routes/route.ts";

const time = z.iso.datetime();

const pauseAnswer = z
  .object({
    id: z.string().describe("Names what is paused, and by whom."),
    kind: z.enum(["tenant", "outlet", "number", "template"]),
    tenant_id: z.string().optional().describe("Whose messages. Absent: those of every tenant."),
    outlet_id: z.string().optional(),
    phone_number_id: z.string().optional(),
    template: z.object({ name: z.string(), language: z.string().optional() }).optional(),
    waba_id: z.string().optional().describe("The one account whose template is paused, if WhatsApp paused it."),
    owner: z.enum(["operator", "tenant", "whatsapp"]).describe("Who decided it, and may end it."),
    until: time.optional().describe("When it ends by itself."),
    reason: z.string(),
    paused_by: z.string().describe("Who asked for it, such as the id of an API key."),
    paused_at: time,
  })
  .meta({ id: "Pause" });

const example = {
  id: "outlet:acme:jakarta-1",
  kind: "outlet",
  tenant_id: "acme",
  outlet_id: "jakarta-1",
  owner: "operator",
  until: "2025-11-21T12:00:00.000Z",
  reason: "The shop moves.",
  paused_by: "key_5f3a",
  paused_at: "2025-11-21T10:00:00.000Z",
};

const timeRule = "must be a date and time with an offset, as RFC 3339 writes them";
const offsetTime = z.iso.datetime({ offset: true, error: orMissing(timeRule) });

const templateField = z
  .union([stringField, z.strictObject({ name: stringField, language: stringField.nullish() })], {
    error: "must be a name, or an object with `name` and `language`",
  })
  .describe("A template, in each language unless one is given.");

export const pauseBody = requestBody({
  tenant_id: identifierField
    .nullish()
    .describe("Whose messages. Required for an outlet, and with a key of some tenants."),
  outlet_id: identifierField.nullish(),
  phone_number_id: identifierField.nullish().describe("Meta's id of a number."),
  template: templateField.nullish(),
  until: offsetTime.nullish().describe("When the pause ends by itself. Default: when somebody ends it."),
  reason: stringField
    .refine((text) => isAbsent(text) || !/\p{Cc}/u.test(text), { error: "must have no control characters" })
    .describe("Why, in up to 500 characters. Callers whose messages are refused read it."),
}).meta({ id: "PauseRequest" });

const path = "/api/v1/pauses";
const tag = "Messages";
const scope = "admin";

export const pauseRoute = defineRoute({
  method: "POST",
  path,
  scope,
  operation: "pause",
  tag,
  summary: "Pause a tenant, an outlet, a number or a template",
  description:
    "Sends nothing of it until the pause ends: queued messages wait, and a send that waits for its answer is refused with 503 and the reason. Attempts in flight end as they would. It takes effect on every server within about a second. What is paused already gets the new reason and end. A key of some tenants pauses their messages only.",
  body: {
    schema: pauseBody,
    examples: {
      "an outlet": {
        tenant_id: "acme",
        outlet_id: "jakarta-1",
        until: "2025-11-21T12:00:00Z",
        reason: "The shop moves.",
      },
      "a template": { template: "order_ready", reason: "It has the wrong price." },
    },
  },
  answers: { 201: { description: "The pause.", schema: pauseAnswer, examples: { outlet: example } } },
  problems: ["not-found", "unavailable"],
});

export const pausesRoute = defineRoute({
  method: "GET",
  path,
  scope,
  operation: "listPauses",
  tag,
  summary: "List what is paused",
  description: "Every pause, the latest first; with a key of some tenants, those of their messages.",
  answers: {
    200: {
      description: "What is paused.",
      schema: z.object({ pauses: z.array(pauseAnswer) }).meta({ id: "PauseList" }),
      examples: { "an outlet": { pauses: [example] } },
    },
  },
  problems: ["unavailable"],
});

export const resumeRoute = defineRoute({
  method: "DELETE",
  path: "/api/v1/pauses/:pauseId",
  scope,
  operation: "resume",
  tag,
  summary: "End a pause",
  description:
    "Its messages are sent within about a second. A pause of WhatsApp may be ended too, if you know better. A key of some tenants ends only pauses that such a key has made. It takes no body.",
  answers: { 200: { description: "The pause that was ended.", schema: pauseAnswer, examples: { outlet: example } } },
  problems: ["not-found", "unavailable"],
});
