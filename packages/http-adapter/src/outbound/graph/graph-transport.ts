import type { Failure } from "@message-sender/core";
import {
  type Accepted,
  inRealTime,
  isUserId,
  type ReadReceipts,
  type Submission,
  type Submitted,
  type Transport,
} from "@message-sender/core/adapter";
import { contentObject } from "@message-sender/core/content";
import { ok, type Result, ResultAsync } from "neverthrow";

import { readAccepted } from "./accepted-answer.ts";
import { describeGraphError } from "./graph-error.ts";
import { createGraphClient, type GraphTransportOptions } from "./graph-client.ts";
import { createGraphExchange } from "./graph-exchange.ts";
import { json } from "./graph-head.ts";
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

  function submit(submission: Submission, timeoutMs: number, mayBegin?: () => boolean): ResultAsync<Submitted, never> {
    const { credential, callbackData, via } = submission;
    const edge = via === "marketing" ? "marketing_messages" : "messages";
    const body = encodeSubmission(submission);
    const call = { ...messageCall, edge, credential, body, callbackData, mayBegin } as const;
    return new ResultAsync(exchange<Accepted, Result<Submitted, never>>(call, timeoutMs, eitherWay));
  }

  return inRealTime({
    submit,
    describeFailure: (error) => describeGraphError(error, { rules: options.errorRules }),
    readReceipts: createGraphReadReceipts(graph),
    close: graph.routes.close,
  });
}

/** An outcome is no error of the port. */
function eitherWay(taken: Result<Submitted, Submitted>): Result<Submitted, never> {
  return ok(taken.isOk() ? taken.value : taken.error);
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
  contentType: json,
  wanted: "a message id",
  read: readAccepted,
} as const;
