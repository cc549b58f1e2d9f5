import { type Message, statusOf } from "@message-sender/core";
import { canRetryWithSameKey } from "@message-sender/core/adapter";

/** What an operator can do to one message. `history`: deliver its updates to the Conversation Service again. */
export type Action = "resend" | "abandon" | "cancel" | "history";

interface Described {
  readonly button: string;
  /** What it will do, for whoever confirms it. */
  readonly says: string;
  readonly done: string;
}

export const actions: Readonly<Record<Action, Described>> = {
  resend: {
    button: "Resend",
    says: "The message goes into the queue again, with a new schedule, and uses a unit of quota if it has none.",
    done: "It is in the queue again.",
  },
  abandon: {
    button: "Abandon",
    says: "The message counts as failed, and no further attempt is made. If it was sent after all, a report of WhatsApp still says so.",
    done: "It counts as failed now.",
  },
  cancel: {
    button: "Cancel",
    says: "The message is withdrawn from the queue, no further attempt is made, and its unit of quota is returned.",
    done: "It was withdrawn.",
  },
  history: {
    button: "Resend history",
    says: "The updates of the message are delivered to the Conversation Service again. Nothing is sent to the customer.",
    done: "The updates are being delivered again.",
  },
};

export function isAction(text: string | undefined): text is Action {
  return text !== undefined && Object.hasOwn(actions, text);
}

/** What its state allows to be done to the message itself. The sender decides again when it is asked. */
export function actionsOn(message: Message): readonly Action[] {
  if (message.request.to === "erased") return [];
  switch (statusOf(message)) {
    case "unknown":
      return ["resend", "abandon"];
    case "failed":
      return canRetryWithSameKey(message) ? [] : ["resend"];
    case "queued":
      return message.mode === "queued" ? ["cancel"] : [];
    default:
      return [];
  }
}
