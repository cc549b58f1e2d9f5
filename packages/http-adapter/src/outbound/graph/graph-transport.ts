import type { Failure } from "@message-sender/core";
import {
  type Accepted,
  inRealTime,
  isUserId,
  isWamid,
  type ReadReceipts,
  type Submission,
  type Submitted,
  type Transport,
} from "@message-sender/core/adapter";
import { contentObject } from "@message-sender/core/content";
import { ok, type Result, ResultAsync } from "neverthrow";
import { z } from "zod";

import { describeGraphError } from "./graph-error.ts";
import { createGraphClient, type GraphTransportOptions } from "./graph-client.ts";
import { createGraphExchange } from "./graph-exchange.ts";
import { createGraphReadReceipts } from "./graph-read-receipts.ts";

/** The `Transport` port over Meta's Cloud API, with read receipts. */
export interface GraphTransport extends Transport {
  /**
   * Describes one of Meta's error objects by the transport's own rules. Undefined if it is not one. Pass it to the webhooks of
   * `createHttpApp`, so that an error means the same in an answer and in a webhook.
   */
  describeFailure(error: unknown): Failure | undefined;
  /** Marks messages as read, over the same connections. */
  readonly readReceipts: ReadReceipts;
  /** Call it after the sender is closed. Requests in flight are aborted after a second. */
  close(): Promise<void>;
}

/**
 * Sends messages through Meta's Cloud API.
 *
 * @example
 * ```ts
 * const transport = createGraphTransport({ version: "v25.0" });
 * const ports = { transport, readReceipts: transport.readReceipts };
 * ```
 */
export function createGraphTransport(options: GraphTransportOptions = {}): GraphTransport {
  const graph = createGraphClient(options, { maxConnections: 256 });
  const exchange = createGraphExchange(graph);

  async function submit(submission: Submission, timeoutMs: number): Promise<Result<Submitted, never>> {
    const body = encodeSubmission(submission);
    const { credential, callbackData, via } = submission;
    const edge = via === "marketing" ? "marketing_messages" : "messages";
    const answered = await exchange<Accepted>({ ...messageCall, edge, credential, body, callbackData }, timeoutMs);
    return ok(answered.isOk() ? answered.value : answered.error);
  }

  return inRealTime({
    submit: (submission, timeoutMs) => new ResultAsync(submit(submission, timeoutMs)),
    describeFailure: (error) => describeGraphError(error, { rules: options.errorRules }),
    readReceipts: createGraphReadReceipts(graph),
    close: graph.routes.close,
  });
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

const messageCall = {
  contentType: "application/json",
  wanted: "a message id",
  read: readAccepted,
} as const;

const wamid = z.string().refine(isWamid);
const waId = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const messageStatus = z.string().regex(/^[A-Za-z_]{1,64}$/);

const acceptedSchema = z.object({
  messages: z.tuple([z.object({ id: wamid, message_status: messageStatus.optional().catch(undefined) })], z.unknown()),
  contacts: z
    .tuple([z.object({ wa_id: waId })], z.unknown())
    .optional()
    .catch(undefined),
});

function readAccepted(body: unknown, httpStatus: number): Accepted | undefined {
  const accepted = acceptedSchema.safeParse(body);
  if (!accepted.success) return undefined;
  const [message] = accepted.data.messages;
  const [contact] = accepted.data.contacts ?? [];
  return {
    kind: "Accepted",
    wamid: message.id,
    ...(contact && { waId: contact.wa_id }),
    ...(message.message_status !== undefined && { messageStatus: message.message_status }),
    httpStatus,
  };
}
