import { err, ok, type Result } from "neverthrow";

import type { Content } from "../../content/content.ts";
import { type Identifier, isIdentifier, isRecipient, isWamid } from "../../content/identifiers.ts";
import { checkContent, type ContentProblem } from "../../content/parse-content.ts";
import type { MessageRequest } from "../../domain/message.ts";
import { isOnAmbiguous, type OnAmbiguous } from "../../domain/retry-policy.ts";

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
  /** The W3C trace context of the caller. */
  readonly traceparent?: string;
}

/** One message to send while the caller waits. */
export interface SendMessageCommand extends MessageCommand {
  /** How long attempts may begin, in milliseconds from now. Can only shorten the sender's `sendDeadlineMs`. */
  readonly waitMs?: number;
}

/** One message to send from the queue. */
export interface EnqueueMessageCommand extends MessageCommand {
  /** How long attempts may begin, in milliseconds from now. Default: the sender's `ttlMs`. */
  readonly ttlMs?: number;
}

/** The command is invalid. Nothing was stored, and no quota was used. */
export interface InvalidCommand {
  readonly kind: "InvalidCommand";
  /** Every problem, with the path of its field. */
  readonly problems: readonly ContentProblem[];
}

/** The longest duration that an option or a command may ask for: ten years. */
export const longestMs = 3650 * 86_400_000;

const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/** Whether a value can be an idempotency key: 1–255 visible ASCII characters. */
export function isIdempotencyKey(text: unknown): boolean {
  return typeof text === "string" && visibleAscii.test(text);
}

function isReference(text: unknown): boolean {
  return typeof text === "string" && text.length <= 255 && text.isWellFormed();
}

function isDuration(given: unknown, mostMs: number): boolean {
  return orAbsent(given) === undefined || (typeof given === "number" && given >= 0 && given <= mostMs);
}

/** A field that is null counts as absent. */
function orAbsent<T>(given: T): T | undefined {
  return given ?? undefined;
}

/** A caller without types may pass anything, so each field is checked for its type too. */
export function parseSendCommand(
  command: SendMessageCommand & EnqueueMessageCommand,
): Result<MessageRequest, InvalidCommand> {
  const problems: ContentProblem[] = [];
  const { tenantId, outletId, conversationId, to } = command;
  const identifiers = { tenantId, outletId, conversationId };
  const [replyTo, reference, traceparent] = [command.replyTo, command.reference, command.traceparent].map(orAbsent);
  for (const [field, value] of Object.entries(identifiers)) {
    if (!isIdentifier(value)) problems.push({ path: [field], detail: "must be 1–128 URL-safe characters" });
  }
  if (!isRecipient(to)) {
    problems.push({
      path: ["to"],
      detail: "must be an E.164 number with a leading + or a business-scoped user id",
    });
  }
  if (replyTo !== undefined && !isWamid(replyTo)) {
    problems.push({ path: ["replyTo"], detail: "must be a WhatsApp message id" });
  }
  if (replyTo !== undefined && command.content?.type === "reaction") {
    problems.push({ path: ["replyTo"], detail: "is not allowed for a reaction, which names its own message" });
  }
  if (reference !== undefined && !isReference(reference)) {
    problems.push({ path: ["reference"], detail: "must be a string of up to 255 characters" });
  }
  if (orAbsent(command.onAmbiguous) !== undefined && !isOnAmbiguous(command.onAmbiguous)) {
    problems.push({ path: ["onAmbiguous"], detail: "must be resend, verify or hold" });
  }
  if (command.idempotency && !isIdempotencyKey(command.idempotency.key)) {
    problems.push({ path: ["idempotency", "key"], detail: "must be 1–255 visible ASCII characters" });
  }
  if (!isDuration(command.waitMs, Number.POSITIVE_INFINITY)) {
    problems.push({ path: ["waitMs"], detail: "must be a number of milliseconds, 0 or more" });
  }
  if (!isDuration(command.ttlMs, longestMs)) {
    problems.push({ path: ["ttlMs"], detail: "must be a number of milliseconds from 0 to ten years" });
  }
  const content = checkContent(command.content);
  if (content.isErr()) {
    problems.push(...content.error.map((problem) => ({ ...problem, path: ["content", ...problem.path] })));
  }
  if (problems.length > 0 || content.isErr()) return err({ kind: "InvalidCommand", problems });
  return ok({
    outlet: { tenantId, outletId },
    conversationId,
    to,
    content: content.value,
    ...(replyTo !== undefined && { replyTo }),
    ...(reference !== undefined && { reference }),
    ...(traceparent !== undefined && { traceparent }),
  });
}
