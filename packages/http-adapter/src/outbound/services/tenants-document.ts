import { Secret } from "@message-sender/core";
import { type Credential, isIdentifier, mostPerSecond } from "@message-sender/core/adapter";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { type CallbackReceiver, isCallbackUrl, isSigningSecret } from "../callbacks/callback-receiver.ts";
import { redactLine } from "../redaction/redact.ts";
import { credentialOf, wabaFields } from "./waba-credential.ts";

/** How many messages a tenant may send per period. With `none` the limit never resets. */
export interface TenantLimit {
  readonly limit: number;
  readonly period: "day" | "month" | "none";
}

interface Tenant {
  readonly quota: TenantLimit;
  readonly callbacks: CallbackReceiver | undefined;
  readonly outlets: ReadonlyMap<string, Credential>;
}

export type Tenants = ReadonlyMap<string, Tenant>;

// What zod cannot say in JSON Schema by itself is said beside it, for editors.

const idSchema = z
  .string()
  .refine(isIdentifier)
  .meta({ pattern: String.raw`^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$` });

const quotaSchema = z
  .strictObject({ limit: z.int().min(0), period: z.enum(["day", "month", "none"]) })
  .meta({ description: "How many messages the tenant may send per period. With `none` the limit never resets." });

const outletSchema = z
  .strictObject(wabaFields)
  .meta({ description: "A phone number of the tenant, and the access token of its WhatsApp Business Account." });

const tenantSchema = z
  .strictObject({
    quota: quotaSchema,
    outlets: z.record(idSchema, outletSchema).meta({ description: "The tenant's outlets by their ids." }),
    status_callback_url: z
      .string()
      .refine(isCallbackUrl)
      .optional()
      .meta({
        description: "Receives the status callbacks of this tenant, in place of STATUS_CALLBACK_URL.",
        pattern: String.raw`^[hH][tT][tT][pP][sS]?://[^/?#@\s\\]+([/?\\][^#\s]*)?$`,
        maxLength: 2048,
      }),
    secret: z.string().refine(isSigningSecret).optional().meta({
      description: "Signs those callbacks: base64 of 24 to 64 bytes, with or without the prefix whsec_.",
      pattern: "^(whsec_)?(([A-Za-z0-9+/]{4}){8,21}([A-Za-z0-9+/]{2}==)?|([A-Za-z0-9+/]{4}){8,20}[A-Za-z0-9+/]{3}=)$",
    }),
  })
  .check(hasBothOrNeither)
  .meta({ dependentRequired: { status_callback_url: ["secret"], secret: ["status_callback_url"] } });

const documentSchema = z
  .strictObject({
    tenants: z.record(idSchema, tenantSchema).meta({ description: "Who may send, by their ids." }),
  })
  .meta({ title: "TENANTS_FILE of Message Sender" });

/** The format of a tenants file as a JSON Schema, for editors. */
export function tenantsJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(documentSchema, { io: "input" });
}

const expectations: Readonly<Record<string, string>> = {
  limit: "must be a whole number from 0 to 2^53-1",
  period: "must be day, month or none",
  waba_access_token: "must be 1 to 4096 visible ASCII characters",
  phone_number_id: "must be digits in quotes",
  waba_id: "must be digits in quotes",
  throughput_per_second: `must be a whole number from 1 to ${mostPerSecond}`,
  template_messages_via: "must be cloud or marketing",
  provider: "must be a mapping with a url",
  url: "must be an http or https URL without credentials, query or fragment",
  messages_path: "must be a path that ends in /messages, such as /v25.0/{phone_number_id}/messages",
  auth_header: "must be the name of a header that requests do not have otherwise",
  auth_scheme: "must be one word, such as Bearer, or empty",
  status_callback_url:
    "must be an http or https URL without credentials or fragment. It and `secret` must be set together",
  secret:
    "must be base64 of 24 to 64 bytes, with or without the prefix whsec_. It and `status_callback_url` must be set together",
};

interface CallbackFields {
  readonly status_callback_url?: string | undefined;
  readonly secret?: string | undefined;
}

/** A receiver cannot verify callbacks without a secret. */
function hasBothOrNeither({ value, issues }: z.core.ParsePayload<CallbackFields>): void {
  const { status_callback_url: url, secret } = value;
  if ((url === undefined) === (secret === undefined)) return;
  const missing = url === undefined ? "status_callback_url" : "secret";
  issues.push({ code: "custom", path: [missing], input: undefined, message: "missing" });
}

/** The tenants of a document that was parsed. The error names the setting, never its value. */
export function tenantsIn(document: unknown): Result<Tenants, string> {
  if (hasLostKey(document, new Set())) return err("has a key `__proto__`, which is not supported");
  const parsed = documentSchema.safeParse(document);
  return parsed.success ? ok(tenantsOf(parsed.data)) : err(describeAll(parsed.error.issues));
}

/** zod leaves this key out of a record, whatever is under it. Aliases may make a part of a document its own. */
function hasLostKey(value: unknown, seen: Set<unknown>): boolean {
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  return Object.hasOwn(value, "__proto__") || Object.values(value).some((part) => hasLostKey(part, seen));
}

function tenantsOf({ tenants }: z.infer<typeof documentSchema>): Tenants {
  return new Map(
    Object.entries(tenants).map(([tenantId, { quota, outlets, status_callback_url: url, secret }]) => {
      const credentials = Object.entries(outlets).map(([outletId, waba]) => [outletId, credentialOf(waba)] as const);
      const callbacks = url !== undefined && secret !== undefined ? { url, secret: new Secret(secret) } : undefined;
      return [tenantId, { quota, callbacks, outlets: new Map(credentials) }];
    }),
  );
}

/** Every line may have a mistake. The first ones are enough to start with. */
const mostMistakes = 10;

function describeAll(issues: readonly z.core.$ZodIssue[]): string {
  const mistakes = issues.slice(0, mostMistakes).map((issue) => redactLine(describe(issue), 300));
  const more = issues.length - mistakes.length;
  return [...mistakes, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function describe(issue: z.core.$ZodIssue): string {
  const { path } = issue;
  const setting = path.join(".") || "the file";
  switch (issue.code) {
    case "unrecognized_keys":
      return `${setting} has an unknown setting: ${issue.keys.map(keyName).join(", ")}`;
    case "invalid_key":
      return `${path.slice(0, -1).join(".")} has an id that is not 1 to 128 URL-safe characters`;
    default:
      return `${setting} ${expectations[String(path.at(-1))] ?? "must be a mapping"}`;
  }
}

/** A value may have slipped into the place of a key. */
function keyName(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,31}$/.test(key) ? key : "a key that is not a plain name";
}
