import { fieldsOf, listOf, parsedJson } from "../../codecs/loose-json.ts";
import { isIdentifier } from "../../content/identifiers.ts";

/** What a webhook is about. A fact is absent if the webhook does not name it, or names several. */
export interface WebhookFacts {
  /** Meta's id of the business phone number. */
  readonly phoneNumberId?: string;
  /** The id of the WhatsApp Business Account. */
  readonly wabaId?: string;
  /** Meta's name for the kind of the webhook, such as `messages`. */
  readonly field?: string;
}

/** Reads the envelope of a webhook (Meta, "Webhooks: components"). Empty for a text that is not one. */
export function webhookFactsOf(body: string): WebhookFacts {
  const { object, entry } = fieldsOf(parsedJson(body));
  const entries = listOf(entry).map(fieldsOf);
  const changes = entries.flatMap(({ changes }) => listOf(changes).map(fieldsOf));
  const phoneNumberId = onlyOf(
    changes.map(({ value }) => idOf(fieldsOf(fieldsOf(value)["metadata"])["phone_number_id"])),
  );
  const wabaId = object === "whatsapp_business_account" ? onlyOf(entries.map(({ id }) => idOf(id))) : undefined;
  const field = onlyOf(changes.map(({ field }) => (typeof field === "string" ? field : undefined)));
  return {
    ...(phoneNumberId !== undefined && { phoneNumberId }),
    ...(wabaId !== undefined && { wabaId }),
    ...(field !== undefined && { field }),
  };
}

/** Some senders write ids as numbers. */
function idOf(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === "string" && isIdentifier(text) ? text : undefined;
}

function onlyOf(values: readonly (string | undefined)[]): string | undefined {
  const distinct = new Set(values);
  distinct.delete(undefined);
  return distinct.size === 1 ? [...distinct][0] : undefined;
}
