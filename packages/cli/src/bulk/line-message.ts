import type { FileRecord, RecordFields } from "./records.ts";
import { isParameter, templateMessage, type TemplateName } from "./template-columns.ts";

/** What all lines of a file have in common. A field of a line wins. */
export interface LineOptions {
  readonly tenant: string;
  readonly outlet: string;
  readonly conversation?: string | undefined;
  readonly template?: TemplateName | undefined;
  readonly scheduledAt?: string | undefined;
  readonly ttl?: number | undefined;
  /** The column that has the Idempotency-Key. Default: `idempotency_key`. */
  readonly keyColumn: string;
}

/** The fields of a message, as the API names them. */
const ofApi = [
  "tenant_id",
  "outlet_id",
  "conversation_id",
  "to",
  "message_type",
  "message",
  "reply_to",
  "reference",
  "on_ambiguous",
  "via",
  "ttl_seconds",
  "scheduled_at",
] as const;

const known: ReadonlySet<string> = new Set(ofApi);

/** The message of a line, as a batch has it. `problems`: of what is not the API's to judge. */
export interface LineMessage {
  readonly message: RecordFields;
  /** Its Idempotency-Key. */
  readonly key: string;
  readonly problems: readonly string[];
}

/** Makes a message of a record. `lineKey`: the key of a line that has none of its own. */
export function messageOfLine(
  { line, fields = {} }: FileRecord,
  options: LineOptions,
  lineKey: (line: number) => string,
): LineMessage {
  const { template, keyColumn } = options;
  const given = Object.entries(fields).filter(([, value]) => value !== "" && value !== null);
  const own = Object.fromEntries(given.filter(([name]) => known.has(name)));
  const others = given.filter(([name]) => !known.has(name) && name !== keyColumn);
  const ownKey = given.find(([name]) => name === keyColumn)?.[1];
  // A key that is no text is not valid, and named by the check.
  const key = ownKey === undefined ? lineKey(line) : (ownKey as string);
  const { to } = own;
  const message = {
    tenant_id: options.tenant,
    outlet_id: options.outlet,
    conversation_id: options.conversation ?? (typeof to === "string" ? to.replace(/^\+/, "") : undefined),
    scheduled_at: options.scheduledAt,
    ttl_seconds: options.ttl,
    ...own,
    ...(typeof own["ttl_seconds"] === "string" && { ttl_seconds: numberIn(own["ttl_seconds"]) }),
    ...(template
      ? { message_type: "template", message: templateMessage(template, Object.fromEntries(others)) }
      : contentOf(own)),
    idempotency_key: key,
  };
  const misplaced = template
    ? [
        ...Object.keys(fields)
          .filter((name) => isEmptyParameter(name, fields, keyColumn))
          .map((name) => `${name} is empty`),
        ...others
          .filter(([name]) => !isParameter(name))
          .map(([name]) => `${name} is no field, and no parameter of a template`),
        ...["message", "message_type"]
          .filter((name) => name in own)
          .map((name) => `${name} is not allowed with --template`),
      ]
    : others.map(([name]) => `${name} is not a known field`);
  return { message, key, problems: misplaced };
}

/** WhatsApp refuses an empty parameter. */
function isEmptyParameter(name: string, fields: RecordFields, keyColumn: string): boolean {
  return !known.has(name) && name !== keyColumn && (fields[name] === "" || fields[name] === null);
}

/** A text by default. The cell of another type has Meta's object as JSON. */
function contentOf({ message_type: type = "text", message }: RecordFields): object {
  if (type === "text" || typeof message !== "string") return { message_type: type, message };
  try {
    return { message_type: type, message: JSON.parse(message) as unknown };
  } catch {
    return { message_type: type, message };
  }
}

function numberIn(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}
