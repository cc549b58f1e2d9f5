import { readdirSync, readFileSync } from "node:fs";

import { order } from "../../support/running-service.ts";

export type Json = Readonly<Record<string, unknown>>;

/** An example that Meta publishes. */
export interface MetaExample {
  readonly name: string;
  /** The file, byte for byte. */
  readonly raw: string;
  /** The example with all placeholders replaced. */
  readonly body: Json;
}

type Folder = "message-request-examples" | "message-response-examples" | "webhook-examples";

export function metaExamples(folder: Folder): MetaExample[] {
  const files = new URL(`published/${folder}/`, import.meta.url);
  return readdirSync(files).map((file) => {
    const raw = readFileSync(new URL(file, files), "utf8");
    return { name: file.replace(/\.json$/, ""), raw, body: filled(JSON.parse(raw)) as Json };
  });
}

/** Values that no rule can derive: a kind, and a name in lower case. */
const words: Readonly<Record<string, string>> = { "<HEADER_TYPE>": "text", "<TEMPLATE_NAME>": "template_name" };

/** The three forms of a placeholder, as a value or a key: a URL that begins with `http(s)`, `<…>` and `{{…}}`. */
function filledText(text: string): string {
  const word = words[text];
  if (word !== undefined) return word;
  const [, address] = /^<?http\(s\):\/\/([^>]+)>?$/.exec(text) ?? [];
  return address === undefined ? text.replace(/^(?:<(.+)>|\{\{(.+)\}\})$/, "$1$2") : `https://example.com/${address}`;
}

/** The value with all placeholders replaced. */
export function filled(value: unknown): unknown {
  if (typeof value === "string") return filledText(value);
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [filledText(key), filled(inner)]));
}

const envelope: readonly string[] = ["messaging_product", "recipient_type", "to", "type", "context"];

/** Meta's `type`. If an example omits it, the key of its object. */
export function typeOf(body: Json): string {
  const { type = Object.keys(body).find((key) => !envelope.includes(key)) } = body;
  return type as string;
}

/** The example as a request to our API. */
export function sendRequestOf({ body }: MetaExample, to: string): Json {
  const { message_id: repliedTo } = (body["context"] ?? {}) as Json;
  const type = typeOf(body);
  return {
    ...order,
    to,
    message_type: type,
    message: body[type],
    ...(repliedTo !== undefined && { reply_to: repliedTo }),
  };
}

/** Fields that our API always sends and these examples omit. */
const additions = [
  {
    field: "recipient_type",
    value: () => "individual",
    reason: "Meta treats a message without it as one to a single person.",
    examples: [
      "send-contact-message",
      "send-flow-template-message",
      "send-reply-to-contact-message",
      "send-sample-issue-resolution-template",
      "send-test-message",
      "send-text-message-with-preview-url",
    ],
  },
  {
    field: "type",
    value: typeOf,
    reason: "Meta treats a message without it as a text, so that a reply with a list would be refused.",
    examples: ["send-reply-to-list-message", "send-text-message-with-preview-url"],
  },
];

/** The body that should reach Graph for an example, apart from the recipient and our callback data. */
export function graphBodyOf({ name, body }: MetaExample): Json {
  const { to: _, ...rest } = body;
  const added = additions.filter(({ examples }) => examples.includes(name));
  return { ...rest, ...Object.fromEntries(added.map(({ field, value }) => [field, value(body)])) };
}
