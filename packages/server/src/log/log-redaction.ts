import type { Secret } from "@message-sender/core";
import { createKnownSecrets, maskNumbers } from "@message-sender/http-adapter/outbound";

import type { LogNumbers } from "../service-options.ts";

/** What a line may say: the last line of defence, whatever a caller has put into it. */
export interface LogRedaction {
  /** Remembers a secret for good: no line may contain it. */
  keep(secret: Secret): void;
  /** Remembers a secret, of which there may be many: see `KnownSecrets`. */
  add(secret: Secret): void;
  /** The fields without secrets, content and complete phone numbers. */
  fields(fields: object): Readonly<Record<string, unknown>>;
  text(text: string): string;
}

const redacted = "[redacted]";
/** Names of fields that hold a secret, whatever their value looks like. */
const secretName = /authorization|cookie|password|passwd|secret|token|api[_-]?key/i;
/** Names of fields that hold what a message says. */
const contentNames: ReadonlySet<string> = new Set(["content", "message", "body", "text", "caption"]);
/** Names of fields whose value may be long and numeric and is no phone number. */
const idNames: ReadonlySet<string> = new Set([
  "request_id",
  "caller",
  "message_id",
  "tenant_id",
  "outlet_id",
  "phone_number_id",
  "block_id",
  "webhook_id",
  "time",
]);
/** Names of fields that we have formed ourselves. */
const ownNames: ReadonlySet<string> = new Set(["trace_id", "span_id"]);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const longestText = 8192;
const mostNames = 1000;
const deepest = 6;

export function createLogRedaction({ numbers = "masked" }: { readonly numbers?: LogNumbers } = {}): LogRedaction {
  const secrets = createKnownSecrets();
  const masked = numbers === "masked" ? maskNumbers : (text: string) => text;

  const names = new Map<string, string>();

  /** Most fields have one of a few names. */
  function nameOf(name: string): string {
    const known = names.get(name);
    if (known !== undefined) return known;
    const clean = textOf(name);
    if (names.size < mostNames) names.set(name, clean);
    return clean;
  }

  function textOf(text: string, name = ""): string {
    if (text.length < shortestSecret || uuid.test(text)) return idNames.has(name) ? text : masked(text);
    const clean = secrets.redact(text.slice(0, longestText));
    return idNames.has(name) ? clean : masked(clean);
  }

  function valueOf(name: string, value: unknown, depth: number): unknown {
    if (value === null || value === undefined || ownNames.has(name)) return value;
    if (secretName.test(name)) return redacted;
    if (contentNames.has(name)) return "[content]";
    if (typeof value === "string") return textOf(value, name);
    if (typeof value === "bigint") return textOf(String(value), name);
    if (typeof value !== "object") return typeof value === "number" || typeof value === "boolean" ? value : undefined;
    if (value instanceof Date) return value;
    if (value instanceof Error) return errorOf(value);
    if (depth >= deepest) return "[…]";
    if (Array.isArray(value)) return value.map((element) => valueOf(name, element, depth + 1));
    return fieldsOf(value, depth + 1);
  }

  function fieldsOf(fields: object, depth: number): Record<string, unknown> {
    const clean: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) clean[nameOf(name)] = valueOf(name, value, depth);
    return clean;
  }

  /** The error of a parser quotes what it parsed. */
  function errorOf({ name, message, stack = "" }: Error): object {
    const said = name === "SyntaxError" ? name : `${name}: ${message}`;
    const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
    return { type: name, stack: textOf([said, ...frames].join("\n")) };
  }

  return {
    keep: (secret) => secrets.keep(secret),
    add: (secret) => secrets.add(secret),
    fields: (fields) => fieldsOf(fields, 0),
    text: (text) => textOf(text),
  };
}

/** A shorter text contains no secret. */
const shortestSecret = 8;
