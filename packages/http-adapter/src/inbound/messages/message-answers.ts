import { messageStatuses } from "@message-sender/core/adapter";
import { z } from "zod";

const time = z.iso.datetime();
const wamid = z.string();

const statusName = z.enum(messageStatuses).meta({
  id: "MessageStatusName",
  description: "`unknown`: WhatsApp gave no readable answer and may have sent the message.",
});

const possibleDuplicate = z
  .literal(true)
  .optional()
  .describe("The message may have been sent more than once, because an answer of WhatsApp was lost.");

const failure = z
  .object({
    code: z.number().int().optional().describe("Meta's error code."),
    details: z.string().describe("What happened, in Meta's words if there are any."),
    advice: z.string().optional().describe("What a person can do about it."),
  })
  .meta({ id: "Failure" });

/** The answer to a send that WhatsApp has accepted. */
export const sentAnswer = z
  .object({
    message_id: z.string().describe("Our id of the message."),
    whatsapp_message_id: wamid.optional().describe("WhatsApp's id of the message."),
    status: statusName,
    sent_at: time.optional(),
    wa_id: z.string().optional().describe("The WhatsApp id to which WhatsApp resolved `to`."),
    reference: z.string().optional(),
    possible_duplicate: possibleDuplicate,
  })
  .meta({ id: "SentMessage" });

/** The answer to a send that was queued. */
export const queuedAnswer = z
  .object({ message_id: z.string(), status: z.literal("queued") })
  .meta({ id: "QueuedMessage" });

const statusFields = {
  status: statusName,
  queued_at: time.describe("When the message was accepted."),
  sent_at: time.optional(),
  delivered_at: time.optional(),
  read_at: time.optional(),
  failed_at: time.optional(),
  failure: failure.optional().describe("Why the message failed, or its last attempt."),
  hold_reason: z
    .string()
    .optional()
    .describe("What the next attempt waits for, if it is neither the schedule nor pacing."),
  next_attempt_at: time.optional().describe("When the next attempt is due."),
  possible_duplicate: possibleDuplicate,
  version: z.number().int().min(1).describe("Counts the changes that a caller can see."),
};

export const statusAnswer = z.object(statusFields).meta({ id: "MessageStatus" });

const pricing = z
  .object({
    billable: z.boolean().optional(),
    pricing_model: z.string().optional(),
    category: z.string().optional(),
    type: z.string().optional(),
  })
  .describe("What Meta's webhooks say about the price.");

const reportedStatus = z.object({
  whatsapp_message_id: wamid,
  sent_at: time.optional(),
  delivered_at: time.optional(),
  read_at: time.optional(),
  failed_at: time.optional(),
  failure: failure.optional(),
});

const outcomeName = z.enum(["accepted", "refused", "credential_refused", "throttled", "not_sent", "ambiguous"]);

const decidedOn = z
  .object({
    at: time,
    outcome: outcomeName,
    http_status: z.number().int().optional(),
    details: z.string().optional(),
  })
  .describe("The outcome that the decision was made on, if the present one was recorded after that.");

const attempt = z
  .object({
    number: z.number().int().min(1),
    presumed: z
      .literal(true)
      .optional()
      .describe("The store was restored from a backup: the one that was backed up may have made this attempt."),
    via: z.literal("marketing").optional().describe("Set if it went by Meta's Marketing Messages API."),
    started_at: time,
    waited_ms: z.number().optional().describe("How long pacing delayed the attempt."),
    duration_ms: z.number().optional(),
    outcome: z.enum(["in_flight", ...outcomeName.options]),
    dispatched: z.boolean().optional().describe("Whether the request was sent to WhatsApp."),
    http_status: z.number().int().optional(),
    code: z.number().int().optional().describe("Meta's error code."),
    details: z.string().optional(),
    fbtrace_id: z.string().optional().describe("Meta's trace id, for Meta's support."),
    class: z
      .enum([
        "transient",
        "throttled",
        "credentials",
        "permission",
        "account",
        "policy",
        "recipient",
        "request",
        "template",
        "protocol",
      ])
      .optional()
      .describe("What caused the failure, and so who can do something about it."),
    scope: z.enum(["app", "account", "number", "maintenance", "pair"]).optional().describe("Whose limit was hit."),
    whatsapp_statuses: z.array(reportedStatus).optional().describe("What webhooks reported about this attempt."),
    decided_on: decidedOn.optional(),
    decision: z.enum(["pending", "done", "repeat", "stop"]),
    reason: z.string().describe("Why, in a sentence."),
  })
  .meta({ id: "Attempt" });

const conclusionReason = z.enum([
  "exhausted",
  "refused",
  "held",
  "throttled",
  "interrupted",
  "cut off",
  "expired",
  "canceled",
  "abandoned",
]);

export const recordAnswer = z
  .object({
    message_id: z.string(),
    tenant_id: z.string(),
    outlet_id: z.string(),
    conversation_id: z.string(),
    to: z.string(),
    message_type: z.string(),
    message: z
      .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
      .describe("What Meta puts under that type: an object, or an array of contacts. A plain text is a string."),
    reply_to: wamid.optional(),
    via: z.enum(["cloud", "marketing"]).optional().describe("Which of Meta's APIs sends it, if the request said it."),
    reference: z.string().optional(),
    on_ambiguous: z.enum(["resend", "verify", "hold"]),
    scheduled_at: time.optional().describe("When it is to be sent, if the request said it."),
    ttl_seconds: z
      .number()
      .optional()
      .describe(
        "For how long attempts of a queued message may begin: since its last resend, or since the later of its accept and `scheduled_at`.",
      ),
    ...statusFields,
    pricing: pricing.optional(),
    resent_at: z.array(time).optional().describe("When somebody asked for a resend."),
    whatsapp_message_id: wamid.optional(),
    whatsapp_message_ids: z.array(wamid).describe("Every WhatsApp id that an attempt got."),
    attempts: z.array(attempt),
    conclusion: z
      .object({
        as: conclusionReason,
        at: time,
        reason: z.string(),
        by: z.string().optional().describe("Who canceled or abandoned it, such as the id of an API key."),
      })
      .optional()
      .describe("Why no further attempt is made."),
    lifted_conclusions: z
      .array(
        z.object({
          as: conclusionReason,
          at: time,
          reason: z.string(),
          lifted_at: time,
          lifted_by: z.enum(["resend", "abandon", "evidence", "repeat"]),
        }),
      )
      .optional()
      .describe("Earlier conclusions that no longer count."),
  })
  .meta({ id: "MessageRecord" });
