import {
  type Clock,
  contentObject,
  type Failure,
  isIdentifier,
  isUserId,
  type Outcome,
  type R,
  type ReadReceipts,
  type Secret,
  type Submission,
  type Submitted,
  type Transport,
} from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { ok, okAsync, type Result, ResultAsync } from "neverthrow";
import { z } from "zod";

import type { HttpAnswer } from "./exchange.ts";
import {
  describeGraphError,
  type GraphErrorOptions,
  type GraphErrorOverrides,
  interpretGraphError,
  isGraphError,
} from "./graph-error.ts";
import { createGraphReadReceipts } from "./graph-read-receipts.ts";
import { parseUsage } from "./graph-usage.ts";
import { createHttpClient, type HttpRequest } from "./http-client.ts";
import type { HttpFailure } from "./http-failure.ts";
import { parseJsonBody } from "./json-body.ts";
import { parseRetryAfter } from "./retry-after.ts";

export interface GraphTransportOptions {
  readonly url?: string;
  /** The Graph API's version, such as `v25.0`. */
  readonly version?: string;
  readonly maxConnections?: number;
  readonly connectTimeoutMs?: number;
  readonly maxResponseBytes?: number;
  /** What error codes mean, where you know better than the table. */
  readonly errorRules?: GraphErrorOverrides;
  readonly clock?: Clock;
}

export interface GraphTransport extends Transport {
  /**
   * What an error object of Meta's means, by the same rules as an answer's; undefined where it is none. Give it to the HTTP
   * app's webhooks, so that an error means the same by whichever way it comes.
   */
  describeFailure(error: unknown): Failure | undefined;
  /** Marks messages as read, over the same connections. */
  readonly readReceipts: ReadReceipts;
  /** For when the sender that uses it is closed. What is still under way is cut off after a second. */
  close(): Promise<void>;
}

/** Hands messages to WhatsApp through Meta's Cloud API. */
export function createGraphTransport(options: GraphTransportOptions = {}): GraphTransport {
  const { url = "https://graph.facebook.com", version = "v25.0", maxConnections = 256, errorRules } = options;
  const { connectTimeoutMs, maxResponseBytes, clock = createSystemClock() } = options;
  if (!/^v\d{1,3}\.\d{1,2}$/.test(version)) throw new TypeError("a Graph API version is of the form v25.0");
  const client = createHttpClient({
    origin: url,
    maxConnections,
    clock,
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    ...(maxResponseBytes !== undefined && { maxResponseBytes }),
  });

  function submit(submission: Submission, timeoutMs: number): R<Submitted, never> {
    const { accessToken: token, phoneNumberId } = submission.credential;
    if (!isIdentifier(phoneNumberId)) return notSent("the phone number id has characters that an id cannot have");
    if (!/^[\x21-\x7e]+$/.test(token.reveal())) {
      return notSent("the access token is empty or has characters that a header cannot carry");
    }
    const request = {
      method: "POST",
      path: `/${version}/${encodeURIComponent(phoneNumberId)}/messages`,
      headers: { authorization: `Bearer ${token.reveal()}`, "content-type": "application/json" },
      body: encodeSubmission(submission),
    } as const;
    return new ResultAsync(outcomeOf(request, timeoutMs, token));
  }

  async function outcomeOf(request: HttpRequest, timeoutMs: number, token: Secret): Promise<Result<Submitted, never>> {
    const answer = await client.request(request, timeoutMs);
    if (answer.isErr()) return ok(interpretFailure(answer.error));
    const outcome = interpretAnswer(answer.value, clock.now(), { rules: errorRules, token });
    const usage = parseUsage(answer.value.headers);
    return ok(usage ? { ...outcome, usage } : outcome);
  }

  return {
    submit,
    describeFailure: (error) => describeGraphError(error, { rules: errorRules }),
    readReceipts: createGraphReadReceipts({ client, version, errorRules, clock }),
    close: client.close,
  };
}

function notSent(cause: string): R<Outcome, never> {
  return okAsync({ kind: "NotSent", final: true, cause });
}

function encodeSubmission({ to, content, replyTo, callbackData }: Submission): string {
  return JSON.stringify({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    [isUserId(to) ? "recipient" : "to"]: to,
    ...(replyTo !== undefined && { context: { message_id: replyTo } }),
    type: content.type,
    [content.type]: contentObject(content),
    biz_opaque_callback_data: callbackData,
  });
}

const wamid = z.string().regex(/^[\x21-\x7e]{1,512}$/);
const waId = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const messageStatus = z.string().regex(/^[A-Za-z_]{1,64}$/);

const acceptedSchema = z.object({
  messages: z.tuple([z.object({ id: wamid, message_status: messageStatus.optional().catch(undefined) })], z.unknown()),
  contacts: z
    .tuple([z.object({ wa_id: waId })], z.unknown())
    .optional()
    .catch(undefined),
});

function interpretAnswer(answer: HttpAnswer, now: Date, options: GraphErrorOptions): Outcome {
  const { status } = answer;
  const body = parseJsonBody(answer.body);
  if (status < 200 || status > 299) {
    return interpretGraphError(status, body, parseRetryAfter(answer.headers["retry-after"], now), options);
  }
  const accepted = acceptedSchema.safeParse(body);
  if (accepted.success) {
    const [message] = accepted.data.messages;
    const [contact] = accepted.data.contacts ?? [];
    return {
      kind: "Accepted",
      wamid: message.id,
      ...(contact && { waId: contact.wa_id }),
      ...(message.message_status !== undefined && { messageStatus: message.message_status }),
      httpStatus: status,
    };
  }
  if (isGraphError(body)) return interpretGraphError(status, body, undefined, options);
  return { kind: "Ambiguous", sawSuccess: true, cause: `HTTP ${status} without a message id`, httpStatus: status };
}

function interpretFailure({ dispatched, status, reason, final }: HttpFailure): Outcome {
  if (!dispatched) return { kind: "NotSent", final, cause: reason };
  if (status === undefined) return { kind: "Ambiguous", sawSuccess: false, cause: reason };
  return { kind: "Ambiguous", sawSuccess: status >= 200 && status <= 299, cause: reason, httpStatus: status };
}
