import type { MessageSender, QueueFull, SendMessageError, Sent } from "@message-sender/core";
import { answerOf, canBeResumed, type Enqueued } from "@message-sender/core/adapter";
import { err, type Result, type ResultAsync } from "neverthrow";

import type { Caller } from "../access/access.ts";
import { type Problem, tenantNotFound } from "../problems/problem.ts";
import { type RequestFailure, unavailableTo } from "../problems/problem-details.ts";
import { queuedJson, sentJson } from "./message-json.ts";
import { parseSendRequest, type SendHeaders, type SendRequest } from "./send-request.ts";

// A send is served in two ways: by a route of the app, and straight from the server. What is here decides for both.

/** The longest body of a send, in bytes. */
export const largestBody = 64 * 1024;

/** What a caller asks for, or the answer to a request that asks for nothing possible. */
export function requestOf(
  body: Result<unknown, Problem>,
  headers: SendHeaders,
  caller: Caller,
): Result<SendRequest, Problem> {
  if (body.isErr()) return err(body.error);
  const request = parseSendRequest(body.value, headers);
  return request.isErr() || caller.sees(request.value.command.tenantId) ? request : err(tenantNotFound);
}

export type SendResult = Result<Sent, SendMessageError | QueueFull>;

/** Sends the message, or hands it to the queue. */
export function perform(
  sender: MessageSender,
  { command, isQueued }: SendRequest,
): Promise<SendResult> | ResultAsync<Sent, SendMessageError> {
  return isQueued ? enqueue(sender, command) : sender.send(command);
}

async function enqueue(sender: MessageSender, command: SendRequest["command"]): Promise<SendResult> {
  const enqueued = await sender.enqueue(command);
  // A call that a crash cut off is resumed by its repeat. There is nobody else who does it.
  if (enqueued.isOk() && enqueued.value.replayed && canBeResumed(enqueued.value.message)) return sender.send(command);
  return enqueued.andThen(resultOf);
}

/** What is known of a message that the queue has, or had: a repeat under its key gets its present state. */
export function resultOf({ message, replayed }: Enqueued): SendResult {
  return answerOf(message)
    .map(() => ({ message, replayed }))
    .mapErr((error) => ({ ...error, replayed }));
}

/** What a send is answered with: the body and the headers of its own, or an error. */
export type SendAnswer =
  | {
      readonly status: 200 | 202;
      readonly json: object;
      readonly headers: Readonly<Record<string, string>> | undefined;
      readonly messageId: string;
    }
  | { readonly failure: RequestFailure; readonly unavailable?: string };

/** `basePath`: the path under which the app is mounted. */
export function answerTo({ isQueued }: SendRequest, result: SendResult, basePath: () => string): SendAnswer {
  if (result.isOk()) {
    const { message, replayed } = result.value;
    return { status: 200, json: sentJson(message), headers: replayed ? replay : undefined, messageId: message.id };
  }
  const { error } = result;
  if (error.kind !== "Queued") return { failure: error, ...(isQueued && { unavailable: unavailableTo.enqueue }) };
  const { message, replayed } = error;
  const location = `${basePath()}/api/v1/messages/${message.id}/status`;
  return {
    status: 202,
    json: queuedJson(message),
    headers: { location, ...(replayed && replay) },
    messageId: message.id,
  };
}

const replay = { "idempotency-replayed": "true" };
