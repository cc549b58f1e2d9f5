import { marketingRule } from "@message-sender/core/adapter";
import { type Content, parseContent } from "@message-sender/core/content";
import { err, ok, type Result } from "neverthrow";

import { fieldsOf } from "../bodies/json-fields.ts";
import { errorsOf, isAbsent } from "../fields/request-field.ts";
import { pointerOf } from "../problems/pointer.ts";
import { type FieldError, invalidRequest, type Problem } from "../problems/problem.ts";
import { type ParsedSend, plainSendOf } from "./plain-send.ts";
import { sendBody } from "./send-body.ts";

/** Parses the body of a send. The error names everything that is wrong with it. */
export function parseSend(body: unknown): Result<ParsedSend, Problem> {
  const plain = plainSendOf(body);
  if (plain) return ok(plain);
  const parsed = sendBody.safeParse(body);
  const content = contentOf(parsed.success ? parsed.data : (fieldsOf(body) ?? {}));
  if (parsed.success && content.isOk()) return ok({ fields: parsed.data, content: content.value });
  const ofContent = content.isErr() ? content.error : [];
  return err(invalidRequest("The message is invalid.", [...errorsOf(parsed.error?.issues ?? []), ...ofContent]));
}

/** The fields of a message's content, valid or not. */
type ContentFields = { readonly [name in "message_type" | "message" | "reply_to" | "via"]?: unknown };

/** A missing or mistyped field is reported by its own check. */
function contentOf({ message_type, message, reply_to, via }: ContentFields): Result<Content, readonly FieldError[]> {
  if (typeof message_type !== "string") return err([]);
  const content = parsedContent(message_type, message ?? undefined);
  if (message_type === "reaction" && !isAbsent(reply_to)) {
    return err([besideReaction, ...(content.isErr() ? content.error : [])]);
  }
  if (message_type !== "template" && via === "marketing") {
    return err([notTemplate, ...(content.isErr() ? content.error : [])]);
  }
  return content;
}

const notTemplate = { pointer: "/via", detail: marketingRule };

const besideReaction = {
  pointer: "/reply_to",
  detail: "is not allowed for a reaction, which names its own message",
};

/** A text message may be given as a string. */
function parsedContent(type: string, message: unknown): Result<Content, readonly FieldError[]> {
  const isText = type === "text";
  const isPlainText = isText && typeof message === "string";
  const isObject = typeof message === "object" && !Array.isArray(message);
  if (isText && message !== undefined && !isPlainText && !isObject) {
    return err([{ pointer: "/message", detail: "must be a string or Meta's text object" }]);
  }
  return parseContent(type, isPlainText ? { body: message } : message).mapErr((problems) =>
    problems.flatMap(({ path, detail }): readonly FieldError[] => {
      const [first, ...rest] = path;
      if (first === "type") return [{ pointer: "/message_type", detail }];
      if (message === undefined) return [];
      return [{ pointer: pointerOf(isPlainText ? ["message"] : ["message", ...rest]), detail }];
    }),
  );
}
