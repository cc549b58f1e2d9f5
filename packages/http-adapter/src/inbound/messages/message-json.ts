import {
  type Attempt,
  explain,
  type Failure,
  isPossibleDuplicate,
  type Message,
  type Pause,
  statusOf,
  wamidsOf,
} from "@message-sender/core";
import {
  acceptedAttempt,
  asDecidedOn,
  deliveryTimesOf,
  type EarlierConclusion,
  earlierConclusions,
  explainConclusion,
  explainHold,
  explainPause,
  failedAtOf,
  httpStatusOf,
  nextAttemptAt,
  type Outcome,
  pricingOf,
  queueDueAt,
  visibleFailureOf,
} from "@message-sender/core/adapter";
import { plainContent } from "@message-sender/core/content";

/** The answer to a send that WhatsApp has accepted. */
export function sentJson(message: Message) {
  const accepted = acceptedAttempt(message);
  return {
    message_id: message.id,
    whatsapp_message_id: accepted?.wamid,
    status: statusOf(message),
    // `JSON.stringify` takes twice as long over a Date.
    sent_at: message.sentAt?.toISOString(),
    wa_id: accepted?.waId,
    reference: message.request.reference,
    possible_duplicate: isPossibleDuplicate(message) || undefined,
  };
}

/** The answer to a send that was queued. */
export function queuedJson(message: Message) {
  return { message_id: message.id, status: "queued" };
}

/** `pause`: what pauses it now, if anything does. */
export function statusJson(message: Message, pause?: Pause) {
  const { deliveredAt, readAt } = deliveryTimesOf(message);
  const failure = visibleFailureOf(message);
  return {
    status: statusOf(message),
    queued_at: message.acceptedAt,
    sent_at: message.sentAt,
    delivered_at: deliveredAt,
    read_at: readAt,
    failed_at: failedAtOf(message),
    failure: failure && failureJson(failure),
    hold_reason: pause ? explainPause(pause) : explainHold(message),
    next_attempt_at: message.mode === "queued" ? queueDueAt(message) : nextAttemptAt(message),
    possible_duplicate: isPossibleDuplicate(message) || undefined,
    version: message.version,
  };
}

/** The complete record of a message. `pause`: what pauses it now, if anything does. */
export function recordJson(message: Message, pause?: Pause) {
  const { outlet, conversationId, to, content, replyTo, via, reference } = message.request;
  return {
    message_id: message.id,
    tenant_id: outlet.tenantId,
    outlet_id: outlet.outletId,
    conversation_id: conversationId,
    to,
    message_type: content.type,
    message: plainContent(content),
    reply_to: replyTo,
    via,
    reference,
    on_ambiguous: message.policy.onAmbiguous,
    scheduled_at: message.policy.scheduledAt,
    ttl_seconds: ttlSecondsOf(message),
    ...statusJson(message, pause),
    pricing: pricingJson(message),
    resent_at: message.resends?.map(({ at }) => at),
    whatsapp_message_id: acceptedAttempt(message)?.wamid,
    whatsapp_message_ids: wamidsOf(message),
    attempts: message.attempts.map((attempt) => attemptJson(message, attempt)),
    conclusion: message.conclusion && {
      as: message.conclusion.as,
      at: message.conclusion.at,
      reason: explainConclusion(message),
      by: message.conclusion.by,
    },
    lifted_conclusions: message.liftedConclusions && earlierConclusions(message).map(earlierJson),
  };
}

/** For how long attempts of a queued message may begin: since its last resend, or since the later of its accept and `scheduledAt`. */
function ttlSecondsOf({ policy, acceptedAt, resends }: Message): number | undefined {
  const { expiresAt, scheduledAt = acceptedAt } = policy;
  if (!expiresAt) return undefined;
  const startsAt = resends?.at(-1)?.at.getTime() ?? Math.max(acceptedAt.getTime(), scheduledAt.getTime());
  return (expiresAt.getTime() - startsAt) / 1000;
}

function earlierJson({ as, at, reason, liftedAt, liftedBy }: EarlierConclusion) {
  return { as, at, reason, lifted_at: liftedAt, lifted_by: liftedBy };
}

function failureJson({ code, details, advice }: Failure) {
  return { code, details, advice };
}

function pricingJson(message: Message) {
  const pricing = pricingOf(message);
  if (!pricing) return undefined;
  const { billable, model, category, type } = pricing;
  return { billable, pricing_model: model, category, type };
}

function attemptJson(message: Message, attempt: Attempt) {
  const outcome = attempt.ended?.outcome;
  return {
    number: attempt.number,
    presumed: attempt.presumed,
    via: attempt.via,
    started_at: attempt.startedAt,
    waited_ms: attempt.waitedMs,
    duration_ms: attempt.ended?.durationMs,
    ...(outcome ? outcomeJson(outcome) : { outcome: "in_flight" }),
    whatsapp_statuses: reportsJson(attempt),
    decided_on: decidedOnJson(message, attempt),
    ...explain(message, attempt),
  };
}

function outcomeJson(outcome: Outcome) {
  const failure = "failure" in outcome ? outcome.failure : undefined;
  return {
    outcome: outcomeNames[outcome.kind],
    dispatched: outcome.kind !== "NotSent",
    http_status: httpStatusOf(outcome),
    code: failure?.code,
    details: failure?.details ?? ("cause" in outcome ? outcome.cause : undefined),
    fbtrace_id: failure?.fbtraceId,
    class: failure?.class,
    scope: "scope" in outcome ? outcome.scope : undefined,
  };
}

/** The outcome that the decision was made on, if the present one was recorded after that. */
function decidedOnJson(message: Message, attempt: Attempt) {
  const { ended } = asDecidedOn(message, attempt);
  if (!ended || ended.outcome.kind === attempt.ended?.outcome.kind) return undefined;
  const { outcome, http_status, details } = outcomeJson(ended.outcome);
  return { at: ended.at, outcome, http_status, details };
}

/** What webhooks reported about an attempt, by WhatsApp message id. */
function reportsJson({ reports }: Attempt) {
  return reports?.map(({ wamid, statuses: { sent, delivered, read, played, failed }, failure }) => ({
    whatsapp_message_id: wamid,
    sent_at: sent,
    delivered_at: delivered,
    read_at: read ?? played,
    failed_at: failed,
    failure: failure && failureJson(failure),
  }));
}

const outcomeNames = {
  Accepted: "accepted",
  Refused: "refused",
  CredentialRefused: "credential_refused",
  Throttled: "throttled",
  NotSent: "not_sent",
  Ambiguous: "ambiguous",
} as const;
