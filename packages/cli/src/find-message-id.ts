import { isIdentifier } from "@message-sender/core/values";
import { exitCode } from "@message-sender/server/process";
import { err, ok, type Result } from "neverthrow";

import type { ApiServer } from "./api/server.ts";
import { listMessages } from "./list-messages.ts";
import { messageLines } from "./message-lines.ts";

/** What somebody knows of a message: one of these. */
export interface MessageTarget {
  /** Our id of the message, or WhatsApp's. */
  readonly message?: string;
  readonly wamid?: string;
  readonly reference?: string;
  readonly idempotencyKey?: string;
  readonly tenant?: string;
}

/** Why there is no single message, in lines, and the exit code of the command. */
export interface NoSingleMessage {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** So many matches are shown. */
const mostShown = 20;

/** The id of the message that somebody means. */
export async function findMessageId(
  server: ApiServer,
  target: MessageTarget,
): Promise<Result<string, NoSingleMessage>> {
  const { message, wamid = message, reference, idempotencyKey, tenant } = target;
  if (message !== undefined && isIdentifier(message) && !message.startsWith("wamid.")) return ok(message);
  const filters = {
    ...(wamid !== undefined && { wamid }),
    ...(reference !== undefined && { reference }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(tenant !== undefined && { tenant }),
  };
  const found = await listMessages(server, filters, { limit: mostShown });
  if (found.isErr()) return err({ lines: [found.error.reason], exitCode: found.error.exitCode });
  const { entries: messages, nextCursor } = found.value;
  const [first] = messages.flatMap((one) => {
    const { message_id: id } = { ...(one as { readonly message_id?: unknown }) };
    return typeof id === "string" ? [id] : [];
  });
  if (first === undefined) return err({ lines: ["No such message."], exitCode: exitCode.failed });
  if (messages.length === 1 && nextCursor === null) return ok(first);
  const count = nextCursor === null ? String(messages.length) : `at least ${messages.length}`;
  const title = `There are ${count} such messages. Repeat the command with the id of one of them, the newest first:`;
  return err({ lines: [title, ...messageLines(messages)], exitCode: exitCode.failed });
}
