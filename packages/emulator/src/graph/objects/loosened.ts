/**
 * The body as Graph understands it. A field that is null is absent, at any depth. An object or a list may come as its JSON,
 * `true` as `"true"`, and an id as a number (Graph API, "Using the Graph API"; whatsapp-api-js sends contacts as JSON).
 */
export function loosened(value: unknown, name = "", parent = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => loosened(item, name, parent));
  if (typeof value === "string") return fromText(value, name, parent);
  if (typeof value === "number") return ids.has(name) ? String(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) if (field !== null) fields[key] = loosened(field, key, name);
  return fields;
}

function fromText(text: string, name: string, parent: string): unknown {
  if (flags.has(name)) return text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
  const start = text.trimStart()[0];
  if (start !== "{" && start !== "[") return text;
  if (!isStructure(name, parent)) return text;
  try {
    return loosened(JSON.parse(text), name, parent);
  } catch {
    return text;
  }
}

/** `text` is an object at the top only, `body` is one but in a text, and `name` is one in a contact. */
function isStructure(name: string, parent: string): boolean {
  if (name === "text") return parent === "";
  if (name === "body") return parent !== "text";
  return name === "name" ? parent === "contacts" : structures.has(name);
}

/** Fields that are ids or phone numbers, wherever they are. */
const ids = new Set([
  "to",
  "recipient",
  "id",
  "message_id",
  "catalog_id",
  "product_retailer_id",
  "flow_id",
  "phone",
  "wa_id",
  "user",
]);

const flags = new Set(["preview_url", "voice"]);

/** Fields that are objects or lists wherever they are. */
const structures = new Set([
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contacts",
  "reaction",
  "interactive",
  "template",
  "context",
  "typing_indicator",
  "language",
  "components",
  "parameters",
  "currency",
  "date_time",
  "action",
  "header",
  "footer",
  "buttons",
  "sections",
  "rows",
  "product_items",
  "cards",
  "reply",
  "phones",
  "emails",
  "addresses",
  "org",
  "urls",
  "flow_action_payload",
  "flow_action_data",
  "limited_time_offer",
  "block_users",
  "whatsapp_business_api_data",
  "webhook_configuration",
  "categories",
]);
