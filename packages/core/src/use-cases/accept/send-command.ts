import { err, ok, type Result } from "neverthrow";

import type { Content } from "../../content/content.ts";
import { fieldRules, type Identifier, isRecipient, isWamid } from "../../content/identifiers.ts";
import { checkContent } from "../../content/parse-content.ts";
import { hasAtMost } from "../../content/plain-text.ts";
import { type Draft, isMessagesVia, type MessageRequest, type MessagesVia } from "../../domain/message.ts";
import { isOnAmbiguous, type OnAmbiguous } from "../../domain/retry-policy.ts";
import { brokenRules, type FieldRule, identifierRule, type InvalidCommand, isTime, noTime } from "./field-checks.ts";

/** One message to send. */
export interface MessageCommand {
  readonly tenantId: Identifier;
  readonly outletId: Identifier;
  readonly conversationId: Identifier;
  /** E.164 with its `+`, or a business-scoped user id. */
  readonly to: string;
  readonly content: Content;
  /** The id of a WhatsApp message to quote. */
  readonly replyTo?: string;
  /** Which of WhatsApp's APIs sends it. `marketing` is for templates. Default: the outlet's `templateMessagesVia`. */
  readonly via?: MessagesVia;
  /** Your own id for the message, up to 255 characters. */
  readonly reference?: string;
  /** Overrides the sender's `onAmbiguous`. */
  readonly onAmbiguous?: OnAmbiguous;
  /** Without a key, the same command sent again sends a second message. */
  readonly idempotency?: {
    /** 1–255 visible ASCII characters. Each tenant has its own keys. */
    readonly key: string;
    /** What must be the same in each repeat under the key. Default: the command. */
    readonly body?: unknown;
  };
  /** The W3C trace context of the caller. Default: that of the active OpenTelemetry span, if the sender has a `Tracing` port. */
  readonly traceparent?: string;
}

/** One message to send while the caller waits. */
export interface SendMessageCommand extends MessageCommand {
  /** How long attempts may begin, in milliseconds from now. Can only shorten the sender's `sendDeadlineMs`. */
  readonly waitMs?: number;
}

/** One message to send from the queue. */
export interface EnqueueMessageCommand extends MessageCommand {
  /** How long attempts may begin, in milliseconds from now, or from `scheduledAt` if that is later. Default: the sender's `ttlMs`. */
  readonly ttlMs?: number;
  /** No attempt begins earlier. It must not be further ahead than messages are kept (`retention.keptMs`). A past time means at once. */
  readonly scheduledAt?: Date;
}

/** Marketing Messages API, "Send marketing messages": it takes templates alone. */
export const marketingRule = "can be marketing for a template only";

/** The longest duration that an option or a command may ask for: ten years. */
export const longestMs = 3650 * 86_400_000;

const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/** Whether a value can be an idempotency key: 1–255 visible ASCII characters. */
export function isIdempotencyKey(text: unknown): boolean {
  return typeof text === "string" && visibleAscii.test(text);
}

/** Whether a value can be a caller's own id of a message: a well-formed string of up to 255 code points. */
export function isReference(text: unknown): boolean {
  return typeof text === "string" && hasAtMost(text, 255) && text.isWellFormed();
}

function isDuration(given: unknown, mostMs: number): boolean {
  return orAbsent(given) === undefined || (typeof given === "number" && given >= 0 && given <= mostMs);
}

/** A field that is null counts as absent. */
function orAbsent<T>(given: T): T | undefined {
  return given ?? undefined;
}

function isAbsentOr(isValid: (given: unknown) => boolean, given: unknown): boolean {
  return orAbsent(given) === undefined || isValid(given);
}

type GivenCommand = SendMessageCommand & EnqueueMessageCommand;

/** A caller without types may pass anything, so each field is checked for its type too. */
const rules: readonly FieldRule<GivenCommand>[] = [
  identifierRule("tenantId"),
  identifierRule("outletId"),
  identifierRule("conversationId"),
  ["to", ({ to }) => isRecipient(to), fieldRules.recipient],
  ["replyTo", ({ replyTo }) => isAbsentOr(isWamid, replyTo), fieldRules.wamid],
  [
    "replyTo",
    ({ replyTo, content }) => orAbsent(replyTo) === undefined || content?.type !== "reaction",
    "is not allowed for a reaction, which names its own message",
  ],
  ["via", ({ via }) => isAbsentOr(isMessagesVia, via), "must be cloud or marketing"],
  ["via", ({ via, content }) => via !== "marketing" || content?.type === "template", marketingRule],
  ["reference", ({ reference }) => isAbsentOr(isReference, reference), "must be a string of up to 255 characters"],
  ["onAmbiguous", ({ onAmbiguous }) => isAbsentOr(isOnAmbiguous, onAmbiguous), "must be resend, verify or hold"],
  [
    "idempotency.key",
    ({ idempotency }) => !idempotency || isIdempotencyKey(idempotency.key),
    "must be 1–255 visible ASCII characters",
  ],
  ["waitMs", ({ waitMs }) => isDuration(waitMs, Infinity), "must be a number of milliseconds, 0 or more"],
  ["ttlMs", ({ ttlMs }) => isDuration(ttlMs, longestMs), "must be a number of milliseconds from 0 to ten years"],
  ["scheduledAt", ({ scheduledAt }) => isAbsentOr(isTime, scheduledAt), noTime],
];

/** The request of a valid command; otherwise every problem of the command. `current` is the trace context of the call. */
export function parseSendCommand(command: GivenCommand, current?: string): Result<MessageRequest, InvalidCommand> {
  const content = checkContent(command.content);
  const problems = brokenRules(rules, command);
  if (content.isErr()) {
    const inContent = content.error.map(({ path, detail }) => ({ path: ["content", ...path], detail }));
    return err({ kind: "InvalidCommand", problems: [...problems, ...inContent] });
  }
  if (problems.length > 0) return err({ kind: "InvalidCommand", problems });
  const { tenantId, outletId, conversationId, to, via } = command;
  const outlet = { tenantId, outletId };
  const request: Draft<MessageRequest> = { outlet, conversationId, to, content: content.value };
  const replyTo = orAbsent(command.replyTo);
  const reference = orAbsent(command.reference);
  const traceparent = command.traceparent ?? current;
  if (replyTo !== undefined) request.replyTo = replyTo;
  if (via) request.via = via;
  if (reference !== undefined) request.reference = reference;
  if (traceparent !== undefined) request.traceparent = traceparent;
  return ok(request);
}
