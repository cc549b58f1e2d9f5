import { isIdempotencyKey } from "@message-sender/core/adapter";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { decodeUtf8, notJson, parseText, unreasonable } from "../bodies/json-body.ts";
import { errorsOf, orMissing, requestBody, stringField } from "../fields/request-field.ts";
import { sendBody } from "../messages/send-body.ts";
import { largestBody } from "../messages/send-decisions.ts";
import { bodyTooLarge, invalidRequest, type Problem } from "../problems/problem.ts";
import { type MessageText, splitMessages } from "./split-messages.ts";

/** The most messages of a batch, and its longest body in bytes. */
const mostMessages = 1000;
export const largestBatch = 4 * 1024 * 1024;

const countRule = `must have from 1 to ${mostMessages} messages`;

const keyField = stringField
  .refine(isIdempotencyKey, { error: "must be 1–255 visible ASCII characters" })
  .meta({ pattern: "^[\\x21-\\x7e]{1,255}$" })
  .nullish()
  .describe("Makes a repeat safe, as the header Idempotency-Key does for a send. Each message has its own.");

const batchMessage = sendBody.extend({ idempotency_key: keyField });

/** What the key of a message in a batch may be: checked apart from the message, which is then the body under that key. */
export const batchKey = z.object({ idempotency_key: keyField });

export const batchBody = requestBody({
  messages: z
    .array(batchMessage, { error: orMissing("must be an array") })
    .min(1)
    .max(mostMessages),
}).meta({ id: "MessageBatch" });

/** The batch itself, whatever its messages are. */
const frame = requestBody({
  messages: z.array(z.unknown(), { error: orMissing("must be an array") }).min(1, { error: countRule }),
});

const invalidBatch = "The batch is invalid.";
const tooMany = invalidRequest(invalidBatch, [{ pointer: "/messages", detail: countRule }]);
const notBatch = invalidRequest(invalidBatch, [
  { pointer: "", detail: "must be an object with nothing but `messages`, an array of messages" },
]);

/** The text of each message of a batch. An error is one of the whole batch. */
export function splitBatch(bytes: Uint8Array): Result<readonly MessageText[], Problem> {
  const text = decodeUtf8(bytes);
  if (text.isErr()) return err(notJson);
  const split = splitMessages(text.value, mostMessages);
  if (split === "too many") return err(tooMany);
  if (split === "another shape") return err(notBatch);
  const whole = parseText(split.frame);
  if (whole.isErr()) return err(whole.error);
  const framed = frame.safeParse(whole.value);
  return framed.success ? ok(split.messages) : err(invalidRequest(invalidBatch, errorsOf(framed.error.issues)));
}

/** Parses a message of a batch. */
export function parseMessage({ text, depth, parts }: MessageText): Result<unknown, Problem> {
  // A character has three bytes at most.
  if (text.length * 3 > largestBody && Buffer.byteLength(text) > largestBody) return err(bodyTooLarge);
  if (depth > deepest || parts > mostParts) return err(unreasonable);
  return parseText(text);
}

/** Beyond these a text is not even parsed: it may be nested deeper than memory goes. */
const deepest = 100;
const mostParts = 30_000;
