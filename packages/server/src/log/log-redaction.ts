import type { Secret } from "@message-sender/core";
import { createKnownSecrets, maskNumbers } from "@message-sender/http-adapter/outbound";

import type { LogNumbers } from "../service-options.ts";
import { remembered } from "./remembered.ts";

/** What a line may say: the last line of defence, whatever a caller has put into it. */
export interface LogRedaction {
  /** Remembers a secret for good: no line may contain it. */
  keep(secret: Secret): void;
  /** Remembers a secret, of which there may be many: see `KnownSecrets`. */
  add(secret: Secret): void;
  /** The fields without secrets, content and complete phone numbers. If they have none, the same object. */
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
  "keys_added",
  "keys_revoked",
  "keys_changed",
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
const uuidLength = 36;

const longestText = 8192;
const deepest = 6;

/** How the fields of a name are shown. */
interface FieldRule {
  /** The name without secrets. */
  readonly name: string;
  readonly values: "secret" | "content" | "own" | "id" | "text";
}

type Fields = Readonly<Record<string, unknown>>;

export function createLogRedaction({ numbers = "masked" }: { readonly numbers?: LogNumbers } = {}): LogRedaction {
  const secrets = createKnownSecrets();
  const masked = numbers === "masked" ? maskNumbers : (text: string) => text;

  // Most lines have the same few names and texts.
  const idOf = remembered((text) => secrets.redact(text));
  const textOf = remembered((text) => masked(text.length < shortestSecret ? text : secrets.redact(text)));
  const ruleOf = remembered((name): FieldRule => ({ name: textOf(name), values: valuesOf(name) }));

  /** A text that was clean may contain a secret that was not known yet. */
  function forgetTexts(): void {
    for (const each of [idOf, textOf, ruleOf]) each.clear();
  }

  function stringOf(text: string, isId: boolean): string {
    if (text.length === uuidLength && uuid.test(text)) return text;
    const beginning = text.slice(0, longestText);
    return isId ? idOf(beginning) : textOf(beginning);
  }

  function valueOf(rule: FieldRule, value: unknown, depth: number): unknown {
    const { values } = rule;
    if (value === null || value === undefined || values === "own") return value;
    if (values === "secret") return redacted;
    if (values === "content") return "[content]";
    if (typeof value === "string") return stringOf(value, values === "id");
    if (typeof value === "bigint") return stringOf(String(value), values === "id");
    if (typeof value !== "object") return typeof value === "number" || typeof value === "boolean" ? value : undefined;
    if (value instanceof Date) return isPlain(value) ? value : new Date(value.getTime());
    if (value instanceof Error) return errorOf(value);
    if (ArrayBuffer.isView(value)) return "[bytes]";
    if (depth >= deepest) return "[…]";
    return Array.isArray(value) ? elementsOf(rule, value, depth + 1) : fieldsOf(value as Fields, depth + 1);
  }

  function elementsOf(rule: FieldRule, elements: readonly unknown[], depth: number): readonly unknown[] {
    const isClean = isPlain(elements) && elements.every((element) => valueOf(rule, element, depth) === element);
    return isClean ? elements : Array.from(elements, (element) => valueOf(rule, element, depth));
  }

  /** For plain fields. */
  function areClean(fields: Fields, depth: number): boolean {
    for (const name in fields) {
      const value = fields[name];
      const rule = ruleOf(name);
      if (rule.name !== name || valueOf(rule, value, depth) !== value) return false;
    }
    return true;
  }

  function fieldsOf(fields: Fields, depth: number): Fields {
    if (isPlain(fields) && areClean(fields, depth)) return fields;
    const clean: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) {
      const rule = ruleOf(name);
      clean[rule.name] = valueOf(rule, value, depth);
    }
    return clean;
  }

  /** The error of a parser quotes what it parsed. */
  function errorOf({ name, message, stack = "" }: Error): object {
    const said = name === "SyntaxError" ? name : `${name}: ${message}`;
    const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
    return { type: name, stack: stringOf([said, ...frames].join("\n"), false) };
  }

  return {
    keep(secret) {
      if (secrets.keep(secret)) forgetTexts();
    },
    add(secret) {
      if (secrets.add(secret)) forgetTexts();
    },
    fields: (fields) => fieldsOf(fields as Fields, 0),
    text: (text) => stringOf(text, false),
  };
}

function valuesOf(name: string): FieldRule["values"] {
  if (ownNames.has(name)) return "own";
  if (secretName.test(name)) return "secret";
  if (contentNames.has(name)) return "content";
  return idNames.has(name) ? "id" : "text";
}

/** Whether a value is logged as what its elements or fields are, and not as a `toJSON` of its own or its class has it. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return plainPrototypes.has(prototype) && !Object.hasOwn(value, "toJSON");
}

const plainPrototypes: ReadonlySet<unknown> = new Set([Object.prototype, Array.prototype, Date.prototype]);

/** A shorter text contains no secret. */
const shortestSecret = 8;
