import type { MessageSender, SendMessageCommand } from "@message-sender/core";
import { err, type Result } from "neverthrow";

import type { Caller } from "../access/access.ts";
import { type Problem, tenantNotFound } from "../problems/problem.ts";
import type { RequestFailure } from "../problems/problem-details.ts";
import { queuedJson, sentJson } from "./message-json.ts";
import { parseSendRequest, type SendHeaders } from "./send-request.ts";

// A send is served in two ways: by a route of the app, and straight from the server. What is here decides for both.

/** The longest body of a send, in bytes. */
export const largestBody = 64 * 1024;

/** What a caller asks for, or the answer to a request that asks for nothing possible. */
export function commandOf(
  body: Result<unknown, Problem>,
  headers: SendHeaders,
  caller: Caller,
): Result<SendMessageCommand, Problem> {
  if (body.isErr()) return err(body.error);
  const command = parseSendRequest(body.value, headers);
  return command.isErr() || caller.sees(command.value.tenantId) ? command : err(tenantNotFound);
}

/** What a send is answered with: the body and the headers of its own, or an error. */
export type SendAnswer =
  | {
      readonly status: 200 | 202;
      readonly json: object;
      readonly headers: Readonly<Record<string, string>> | undefined;
      readonly messageId: string;
    }
  | { readonly failure: RequestFailure };

export type SendResult = Awaited<ReturnType<MessageSender["send"]>>;

/** `basePath`: the path under which the app is mounted. */
export function answerOf(result: SendResult, basePath: () => string): SendAnswer {
  if (result.isOk()) {
    const { message, replayed } = result.value;
    return { status: 200, json: sentJson(message), headers: replayed ? replay : undefined, messageId: message.id };
  }
  const { error } = result;
  if (error.kind !== "Queued") return { failure: error };
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
