import { isPossibleDuplicate, type Message, statusOf } from "@message-sender/core";
import { canRetryWithSameKey, explainConclusion, explainHold, visibleFailureOf } from "@message-sender/core/adapter";

import { maskedText } from "../messages/masked.ts";
import { capitalized } from "../words/capitalized.ts";

/** What became of a message, why, and what to do about it: sentences for whoever has to answer the customer. */
export interface Verdict {
  readonly tone: "good" | "neutral" | "warn" | "bad";
  readonly headline: string;
  readonly why?: string;
  readonly toDo?: string;
}

/** `held`: what holds it back now, in words. */
export function verdictOf(message: Message, now: Date, held?: string): Verdict {
  const why = whyOf(message);
  const because = why === undefined ? {} : { why };
  const failure = visibleFailureOf(message);
  const advice = failure?.advice === undefined ? undefined : maskedText(failure.advice);
  switch (statusOf(message)) {
    case "read":
      return { tone: "good", headline: "The customer has read it.", ...duplicate(message, "Nothing to do.") };
    case "delivered":
      return {
        tone: "good",
        headline: "It has arrived on the customer's phone.",
        ...duplicate(message, "Nothing to do. Whether it was read, WhatsApp says only if the customer allows it."),
      };
    case "sent":
      return {
        tone: "neutral",
        headline: "WhatsApp accepted it, and has not reported yet that it arrived.",
        ...duplicate(message, sentFor(message, now)),
      };
    case "queued":
      return queued(message, held);
    case "sending":
      return {
        tone: "neutral",
        headline: "An attempt is in flight.",
        toDo: "Wait for its answer: it comes within seconds.",
      };
    case "failed":
      return { tone: "bad", headline: "It was not delivered.", ...because, toDo: failedToDo(message, advice) };
    case "expired":
      return {
        tone: "bad",
        headline: "It was not sent: its time to live ended first.",
        ...because,
        toDo: "If the customer still needs it, send it anew.",
      };
    case "canceled":
      return {
        tone: "warn",
        headline: "It was withdrawn before it was sent.",
        ...because,
        toDo: "If the customer needs it after all, send it anew.",
      };
    case "unknown":
      return {
        tone: "warn",
        headline: "Nobody knows whether it was sent.",
        ...because,
        toDo: "Ask the customer whether it arrived. Resend it if not: if it did, they get it twice. Abandon it if it did, or if it no longer matters.",
      };
  }
}

function queued(message: Message, heldBy: string | undefined): Verdict {
  const held = heldBy ?? explainHold(message);
  const tries = message.attempts.length;
  const last = message.attempts.at(-1)?.ended?.outcome;
  const said =
    last &&
    ("failure" in last ? (last.failure.title ?? last.failure.details) : "cause" in last ? last.cause : undefined);
  const why =
    held ??
    (tries > 0
      ? `${tries === 1 ? "One attempt" : `${tries} attempts`} failed so far; the last: ${said ?? "no answer"}.`
      : undefined);
  return {
    tone: held === undefined && tries === 0 ? "neutral" : "warn",
    headline: tries > 0 ? "It was not sent yet, and will be tried again." : "It waits in the queue.",
    ...(why !== undefined && { why: maskedText(why) }),
    toDo:
      held === undefined
        ? "Nothing: it is sent by itself. Cancel it if it must not be sent any more."
        : "It goes out once what holds it has ended. Cancel it if it must not be sent any more.",
  };
}

const dayMs = 86_400_000;

/** Cloud API, "Time-to-live": 30 days by default; templates of the category authentication 10 minutes. */
function sentFor({ sentAt }: Message, now: Date): string {
  const isLong = sentAt !== undefined && now.getTime() - sentAt.getTime() > dayMs;
  return isLong
    ? "The phone has been off or without a network since, or the customer has blocked the number. WhatsApp tries for up to 30 days: reach the customer in another way meanwhile."
    : "The phone may be off or without a network: WhatsApp delivers it as soon as it can be reached. Do not send it again.";
}

function failedToDo(message: Message, advice: string | undefined): string {
  if (canRetryWithSameKey(message)) return advice ?? "Its sender was told to repeat the request. Nothing to do here.";
  if (message.conclusion?.as === "abandoned")
    return "It was abandoned on request. Resend it if the customer needs it after all.";
  return advice ?? "Resend it once the reason is gone.";
}

function duplicate(message: Message, otherwise: string): Pick<Verdict, "why" | "toDo"> {
  if (!isPossibleDuplicate(message)) return { toDo: otherwise };
  return {
    why: "More than one copy may have reached the customer.",
    toDo: "If the customer asks about a second copy: it was an attempt whose answer was lost.",
  };
}

/** Meta's words, or the reason why it was given up. */
function whyOf(message: Message): string | undefined {
  const failure = visibleFailureOf(message);
  if (!failure) {
    const reason = explainConclusion(message);
    return reason === undefined ? undefined : maskedText(capitalized(reason));
  }
  const words = [failure.title, failure.details].filter((text) => text !== undefined && text !== "");
  const said = [...new Set(words)].join(": ");
  return maskedText(failure.code === undefined ? said : `WhatsApp says ${failure.code}: ${said}`);
}
