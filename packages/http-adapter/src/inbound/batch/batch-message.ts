import type { EnqueueMessageCommand } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";

import { fieldsOf } from "../bodies/json-fields.ts";
import { errorsOf, isAbsent } from "../fields/request-field.ts";
import { parseSend } from "../messages/parse-send.ts";
import { messageOf, queueTimesOf } from "../messages/send-request.ts";
import { type FieldError, invalidRequest, type Problem } from "../problems/problem.ts";
import { batchKey } from "./batch-body.ts";

/** Parses a message of a batch. The error names everything that is wrong with it. */
export function parseBatchMessage(given: unknown, traceparent: string): Result<EnqueueMessageCommand, Problem> {
  const { idempotency_key: key, ...rest } = fieldsOf(given) ?? {};
  const body = fieldsOf(given) ? rest : given;
  const checked = batchKey.safeParse({ idempotency_key: key });
  const parsed = parseSend(body);
  if (!checked.success || parsed.isErr()) {
    const ofBody = parsed.isErr() ? (parsed.error.errors ?? []) : [];
    return err(invalidRequest("The message is invalid.", [...ofBody, ...errorsOf(checked.error?.issues ?? [])]));
  }
  return ok({
    ...messageOf(parsed.value),
    ...queueTimesOf(parsed.value),
    traceparent,
    // The body is that of a send: its repeat as a send under the same key is the same request.
    ...(!isAbsent(checked.data.idempotency_key) && { idempotency: { key: checked.data.idempotency_key, body } }),
  });
}

/** What is wrong with a message of a batch, as the API would say it. Empty for a valid one. */
export function problemsOfMessage(message: unknown): readonly FieldError[] {
  const parsed = parseBatchMessage(message, "");
  return parsed.isErr() ? (parsed.error.errors ?? [{ pointer: "", detail: parsed.error.detail }]) : [];
}
