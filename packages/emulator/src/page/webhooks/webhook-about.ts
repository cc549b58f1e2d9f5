import type { WebhookRecord } from "../../webhooks/delivery.ts";
import { shownNumber } from "../chats/chat.ts";
import { fieldsOf, listOf, textOf } from "../chats/content/parts.tsx";

/** What a webhook is about, in a line: statuses and what else Meta reports, and of whom. */
export function webhookAbout({ statuses, body }: Pick<WebhookRecord, "statuses" | "body">): string {
  const changes = listOf(parsed(body), "entry").flatMap((entry) => listOf(entry, "changes"));
  const people = changes.flatMap((change) => peopleIn(fieldsOf(change, "value")));
  const what = statuses.length > 0 ? statuses.map(({ status }) => status).join(", ") : subjectIn(body);
  return [what, ...new Set(people.map(shownNumber))].join(" · ");
}

/** Recipients, and those who wrote. Meta has a phone number or, where it does not know one, a user id. */
function peopleIn(value: Readonly<Record<string, unknown>>): readonly string[] {
  const recipients = listOf(value, "statuses").map(
    (status) => textOf(status, "recipient_id") ?? textOf(status, "recipient_user_id"),
  );
  const senders = listOf(value, "messages").map(
    (message) => textOf(message, "from") ?? textOf(message, "from_user_id"),
  );
  const others = listOf(value, "user_preferences").map((one) => textOf(one, "wa_id") ?? textOf(one, "user_id"));
  return [...recipients, ...senders, ...others].filter((person) => person !== undefined);
}

/** What a webhook that reports no status is about, of Meta's own fields. */
function subjectIn(body: string): string {
  const [, field = ""] = /"field":"(\w+)"/.exec(body) ?? [];
  const [, event] = /"event":"(\w+)"/.exec(body) ?? [];
  const [, type] = /"type":"(\w+)"/.exec(body) ?? [];
  return [field, event ?? type].filter((part) => part !== undefined).join(" · ");
}

/** Somebody may have sent any text as a webhook. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
