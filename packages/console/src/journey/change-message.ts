import { type Message, type MessageSender, statusOf } from "@message-sender/core";
import type { Context } from "hono";

import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import type { PageProblem } from "../frame/problem-page.tsx";
import { problemOf } from "../messages/problem-of.ts";
import { visitFields } from "../sign-in/visit-fields.ts";
import { actorOf } from "../console-visitor.ts";
import type { Action } from "./actions.ts";

type Command = Parameters<MessageSender["cancel"]>[0];

function changeBy(sender: MessageSender, command: Command, action: Action) {
  if (action === "cancel") return sender.cancel(command);
  return action === "history" ? sender.replayHistoryOf(command) : sender.resolve({ ...command, action });
}

/** Changes a message for the visitor, and records who did it. Returns why it was not changed. */
export async function changeMessage(
  c: Context<ConsoleContext>,
  { sender, logger }: ConsoleParts,
  message: Message,
  action: Action,
): Promise<PageProblem | undefined> {
  const { id: messageId, request } = message;
  const { tenantId } = request.outlet;
  const command = { messageId, tenantId, by: actorOf(c.get("visitor")) };
  const changed = await changeBy(sender, command, action);
  const fields = { ...visitFields(c), message_id: messageId, tenant_id: tenantId, action };
  if (changed.isOk()) {
    logger.info({ ...fields, status: statusOf(changed.value) }, "console change");
    return undefined;
  }
  const { error } = changed;
  logger.info({ ...fields, problem: error.kind }, "console change refused");
  switch (error.kind) {
    case "MessageNotFound":
    case "Unavailable":
      return problemOf({ kind: "Unavailable", reason: "reason" in error ? error.reason : "" });
    case "Conflict":
      return {
        status: 409,
        title: "It has changed meanwhile",
        detail: `The message is ${statusOf(error.message)} now, which does not allow this. Nothing was changed.`,
      };
    case "QuotaExceeded":
      return {
        status: 429,
        title: "The tenant's quota is used up",
        detail: "A resend needs a unit of quota. Nothing was changed.",
      };
    case "TenantUnknown":
      return { status: 409, title: "The tenant is not known any more", detail: "Nothing was changed." };
  }
}
