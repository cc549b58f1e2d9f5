import { withoutInvisible } from "@message-sender/server/process";
import { z } from "zod";

/** A text of a record, safe to print on a terminal. */
const printable = z.string().transform((value) => withoutInvisible(value.replace(/\p{Cc}/gu, " ")));
const text = printable.optional().catch(undefined);
const number = z.number().optional().catch(undefined);

/** The fields of a message's record that the explanation uses. Other fields and invalid values are left out. */
const recordSchema = z.object({
  message_id: printable,
  status: printable,
  to: text,
  message_type: text,
  tenant_id: text,
  outlet_id: text,
  conversation_id: text,
  reference: text,
  queued_at: text,
  sent_at: text,
  delivered_at: text,
  read_at: text,
  failed_at: text,
  next_attempt_at: text,
  hold_reason: text,
  possible_duplicate: z.boolean().optional().catch(undefined),
  whatsapp_message_ids: z.array(printable).catch([]),
  failure: z.object({ code: number, details: text, advice: text }).optional().catch(undefined),
  conclusion: z.object({ as: printable, at: printable, reason: text }).optional().catch(undefined),
  lifted_conclusions: z
    .array(z.object({ as: printable, at: printable, reason: text, lifted_at: printable, lifted_by: text }))
    .catch([]),
  resent_at: z.array(printable).catch([]),
  attempts: z
    .array(
      z.object({
        number: z.number(),
        started_at: printable,
        waited_ms: number,
        duration_ms: number,
        outcome: printable,
        dispatched: z.boolean().optional().catch(undefined),
        http_status: number,
        code: number,
        class: text,
        details: text,
        fbtrace_id: text,
        reason: printable,
      }),
    )
    .catch([]),
});

type MessageRecord = z.infer<typeof recordSchema>;
type AttemptRecord = MessageRecord["attempts"][number];

/** Styles a part of the text, on a terminal with colors. */
export type Style = (part: "title" | "good" | "bad" | "faint", text: string) => string;

/** Explains a message's record, as `GET /api/v1/messages/:messageId` returns it. Undefined if the value is not a record. */
export function explanationText(record: unknown, style: Style = (_, plain) => plain): string | undefined {
  const parsed = recordSchema.safeParse(record);
  if (!parsed.success) return undefined;
  const message = parsed.data;
  const { attempts } = message;
  return [
    ...headOf(message, style),
    "",
    style("title", attempts.length === 0 ? "No attempt was made." : "Attempts"),
    ...historyLines(message, style),
    "",
    style("title", "Next"),
    ...nextLines(message).map((line) => `  ${line}`),
  ].join("\n");
}

const good = new Set(["sent", "delivered", "read"]);
const bad = new Set(["failed", "expired", "unknown"]);

function headOf(message: MessageRecord, style: Style): readonly string[] {
  const { status } = message;
  const look = good.has(status) ? "good" : bad.has(status) ? "bad" : undefined;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ["status", look ? style(look, status) : status],
    ["to", message.to],
    ["type", message.message_type],
    ["tenant", message.tenant_id],
    ["outlet", message.outlet_id],
    ["conversation", message.conversation_id],
    ["reference", message.reference],
    ["accepted", message.queued_at],
    ["sent", message.sent_at],
    ["delivered", message.delivered_at],
    ["read", message.read_at],
    ["failed", message.failed_at],
    ["whatsapp ids", message.whatsapp_message_ids.join(" ") || undefined],
  ];
  return [
    style("title", `Message ${message.message_id}`),
    ...fields.flatMap(([name, value]) => (value === undefined ? [] : `  ${style("faint", name.padEnd(13))} ${value}`)),
  ];
}

/** The attempts, conclusions and reopenings of the message, in order of time. */
function historyLines(message: MessageRecord, style: Style): readonly string[] {
  const { attempts, conclusion, failure, lifted_conclusions: lifted, resent_at: resentAt } = message;
  const attemptsFrom = (from: string, to?: string) =>
    attempts
      .filter(({ started_at: at }) => at >= from && (to === undefined || at < to))
      .flatMap((attempt) => attemptLines(attempt, failure?.advice, style));
  const breaks = [
    ...lifted.map((earlier) => ({ at: earlier.lifted_at, lines: liftedLines(earlier) })),
    ...resentAt
      .filter((at) => lifted.every(({ lifted_at: other }) => other !== at))
      .map((at) => ({ at, lines: [`  -  ${at}  ${resendRequested}`] })),
  ].toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
  if (breaks.length === 0) return attemptsFrom("");
  // The reason of the last attempt usually ends with the same sentence.
  const isRepeated = conclusion?.reason !== undefined && attempts.at(-1)?.reason.endsWith(conclusion.reason);
  const last = conclusion ? concludedLines(isRepeated ? { as: conclusion.as, at: conclusion.at } : conclusion) : [];
  return [
    ...breaks.flatMap(({ at, lines }, index) => [...attemptsFrom(breaks[index - 1]?.at ?? "", at), ...lines]),
    ...attemptsFrom(breaks.at(-1)?.at ?? ""),
    ...last,
  ];
}

const resendRequested = "resolved: resend requested";

function liftedLines(earlier: MessageRecord["lifted_conclusions"][number]): readonly string[] {
  const { lifted_at: at, lifted_by: by } = earlier;
  // Abandoning or evidence leads to a new conclusion, which has lines of its own.
  if (by === "abandon" || by === "evidence") return concludedLines(earlier);
  const cause = by === "resend" ? resendRequested : "reopened by a call with the same Idempotency-Key";
  return [...concludedLines(earlier), `  -  ${at}  ${cause}`];
}

function concludedLines({ as, at, reason }: { as: string; at: string; reason?: string | undefined }) {
  return [`  -  ${at}  concluded as ${as}`, ...(reason === undefined ? [] : [`     ${reason}`])];
}

function attemptLines(attempt: AttemptRecord, advice: string | undefined, style: Style): readonly string[] {
  const { number: position, started_at: startedAt, duration_ms: durationMs, outcome, details } = attempt;
  const facts = [
    ...(attempt.waited_ms === undefined ? [] : [`waited ${Math.round(attempt.waited_ms / 100) / 10} s for its turn`]),
    ...(durationMs === undefined ? [] : [`${durationMs} ms`]),
    outcome.replaceAll("_", " "),
    ...(attempt.http_status === undefined ? [] : [`HTTP ${attempt.http_status}`]),
    ...(attempt.code === undefined ? [] : [`code ${attempt.code}`]),
    ...(attempt.class === undefined ? [] : [`class ${attempt.class}`]),
    ...(attempt.dispatched === false ? ["request not sent"] : []),
  ];
  return [
    `  ${position}. ${startedAt}  ${facts.join(", ")}`,
    `     ${withoutAdvice(attempt.reason, advice)}`,
    ...(attempt.code === undefined || details === undefined ? [] : [`     ${style("faint", `WhatsApp: ${details}`)}`]),
  ];
}

/** The advice has a line of its own. */
function withoutAdvice(reason: string, advice: string | undefined): string {
  return advice !== undefined && reason.endsWith(advice) ? reason.slice(0, -advice.length).trimEnd() : reason;
}

function nextLines(message: MessageRecord): readonly string[] {
  const { attempts, failure, conclusion } = message;
  const traceId = attempts.findLast(({ fbtrace_id: id }) => id !== undefined)?.fbtrace_id;
  return [
    whatIsNext(message),
    ...(message.hold_reason === undefined ? [] : [`Why: ${message.hold_reason}`]),
    ...((attempts.length === 0 || isGivenUp(message)) && conclusion?.reason !== undefined
      ? [`Why: ${withoutAdvice(conclusion.reason, failure?.advice)}`]
      : []),
    ...(message.possible_duplicate ? ["The recipient may have received it more than once."] : []),
    ...(failure?.code === undefined
      ? []
      : [`The last error: ${failure.code}, ${failure.details ?? "without details"}`]),
    ...(failure?.advice === undefined ? [] : [`Advice: ${failure.advice}`]),
    ...resolveLines(message),
    ...(traceId === undefined || good.has(message.status) ? [] : [`Trace id for Meta's support: ${traceId}`]),
  ];
}

/** The commands with which an operator can change what is next. */
function resolveLines({ message_id: id, status, conclusion }: MessageRecord): readonly string[] {
  const resolve = `npx message-sender resolve ${id}`;
  if (status === "unknown") {
    return [`${resolve} --resend   sends it again, perhaps twice`, `${resolve} --abandon  ends it as failed`];
  }
  // The key of such a message is free: its caller repeats the request.
  const isCallersTurn = conclusion?.as === "throttled" || conclusion?.as === "interrupted";
  return status === "failed" && !isCallersTurn ? [`${resolve} --resend   sends it again`] : [];
}

/** An abandoned message may still have been sent. */
function isGivenUp({ status, conclusion }: MessageRecord): boolean {
  return conclusion?.as === "abandoned" && !good.has(status);
}

function whatIsNext({
  status,
  next_attempt_at: nextAttemptAt,
  hold_reason: holdReason,
  conclusion,
}: MessageRecord): string {
  if (good.has(status)) return "Nothing to do: WhatsApp accepted it.";
  const known = status === "unknown" ? " It is unknown whether it was sent; a status webhook may still settle it." : "";
  if (conclusion) return `No further attempts: ${conclusion.as} at ${conclusion.at}.${known}`;
  if (known) return `No further attempts.${known}`;
  if (status === "failed") return "No further attempts: WhatsApp accepted it but could not deliver it.";
  if (nextAttemptAt !== undefined) {
    const held =
      holdReason === undefined ? " If that is past, npx message-sender queue says what its outlet waits for." : "";
    return `The next attempt is due at ${nextAttemptAt}.${held}`;
  }
  return status === "sending" ? "An attempt is in flight." : "It is waiting for its turn.";
}
