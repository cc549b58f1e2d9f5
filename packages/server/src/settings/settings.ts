import { Secret } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { printable } from "../log/printable.ts";
import { describeDatabaseUrl, isDatabaseUrl } from "../store.ts";

/** A setting that is not right. Names it and never shows its value. */
export interface ConfigError {
  readonly variable: string;
  readonly detail: string;
}

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,16}$/, { error: "is not a whole number" })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error: `is not between ${least} and ${most}` });
const exactHttpUrl = z
  .string()
  .refine((text) => isHttpUrl(text), { error: "is not an http or https URL without credentials, query or fragment" });
const httpUrl = exactHttpUrl.transform((text) => text.replace(/\/+$/, ""));
/** Standard Webhooks' form (standardwebhooks.com), as its libraries read it. */
const signingSecret = z
  .string()
  .refine(isSigningSecret, { error: "is not base64 of 24 to 64 bytes, with or without whsec_ in front" })
  .transform((text) => new Secret(text));
const longestWaitMs = 86_400_000;
export const graphApiUrl = "https://graph.facebook.com";

/** A setting that would be ignored is refused instead. */
function notYet<Name extends string>(names: readonly Name[]) {
  const refused = z.never({ error: "is not supported yet" }).optional();
  return Object.fromEntries(names.map((name) => [name, refused])) as Record<Name, typeof refused>;
}

const environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: integer(0, 65_535).default(3000),
  DATABASE_URL: z
    .string()
    .refine(isDatabaseUrl, { error: "is not memory:, sqlite: and a path, or postgres://…" })
    .default("sqlite:message-sender.db"),
  GRAPH_API_URL: httpUrl.default(graphApiUrl),
  GRAPH_API_VERSION: z
    .string()
    .regex(/^v[0-9]{1,3}\.[0-9]{1,2}$/, { error: "is not of the form v25.0" })
    .default("v25.0"),
  GRAPH_MAX_CONNECTIONS: integer(1, 65_535).default(256),
  TENANT_SERVICE_URL: httpUrl.optional(),
  CONVERSATION_SERVICE_URL: httpUrl.optional(),
  SERVICE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,4096}$/, { error: "is not visible ASCII" })
    .transform((text) => new Secret(text))
    .optional(),
  TENANTS_FILE: z.string().optional(),
  ERROR_RULES_FILE: z.string().optional(),
  RETRY_SCHEDULE_MS: z
    .string()
    .transform((text) => (text.trim() === "" ? [] : text.split(",")))
    .refine((parts) => parts.length <= 20 && parts.every((part) => /^\s*[0-9]{1,8}\s*$/.test(part)), {
      error: "is not a list of up to 20 waits in milliseconds, with commas between them",
    })
    .transform((parts) => parts.map(Number))
    .default([0, 1000, 2000, 4000]),
  RETRY_JITTER: z
    .string()
    .regex(/^(0(\.[0-9]+)?|1(\.0+)?)$/, { error: "is not a share between 0 and 1" })
    .transform(Number)
    .default(0.2),
  ATTEMPT_TIMEOUT_MS: integer(1, longestWaitMs).default(10_000),
  SEND_DEADLINE_MS: integer(0, longestWaitMs).default(60_000),
  ON_AMBIGUOUS: z.enum(["resend", "verify", "hold"], { error: "is not resend, verify or hold" }).default("resend"),
  AMBIGUITY_EVIDENCE_MS: integer(0, longestWaitMs).default(5000),
  PACING: z.enum(["on", "off"], { error: "is not on or off" }).default("on"),
  PACE_NUMBER_PER_SECOND: integer(1, 1000).default(80),
  PACE_PAIR_BURST: integer(1, 45).default(5),
  ALLOWED_HOSTS: z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .refine((names) => names.every(isHostName), {
      error: "is not a list of host names or addresses, with commas between them and without ports",
    })
    .optional(),
  API_KEYS_FILE: z
    .never({ error: "is not supported yet: without keys the server listens on loopback only" })
    .optional(),
  WHATSAPP_APP_SECRET: z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .refine((secrets) => secrets.every((secret) => /^[\x21-\x7e]{8,256}$/.test(secret)), {
      error: "is not a list of secrets of 8 to 256 visible characters, with commas between them",
    })
    .transform((secrets) => secrets.map((secret) => new Secret(secret)))
    .optional(),
  WHATSAPP_VERIFY_TOKEN: z
    .string()
    .transform((text) => new Secret(text))
    .optional(),
  WEBHOOK_FORWARD_URL: exactHttpUrl.optional(),
  CALLBACK_SECRET: signingSecret.optional(),
  DEFAULT_TTL_SECONDS: integer(1, 30 * 86_400).default(3600),
  RETENTION_DAYS: integer(1, 3650).default(30),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], { error: "is not one of pino's levels" })
    .default("info"),
  LOG_FORMAT: z.enum(["json", "pretty"], { error: "is not json or pretty" }).optional(),
  ...notYet(["STATUS_CALLBACK_URL", "QUEUE_LIMIT_PER_TENANT"]),
  /** For tests of crashes; see `failpoints.ts`. */
  FAILPOINTS: z.string().optional(),
  MESSAGE_SENDER_URL: httpUrl.default("http://127.0.0.1:3000"),
});

/** Every setting, by the name of its environment variable. */
export type Config = z.output<typeof environment>;

/** An empty variable counts as absent; but an empty schedule is a schedule of one attempt. Space around a value is ignored. */
const meansSomethingEmpty = "RETRY_SCHEDULE_MS";

/** In a sandbox messages are kept in memory where no database is named, apart from the real ones. */
export function readConfig(
  variables: NodeJS.ProcessEnv = process.env,
  { sandbox = false }: { readonly sandbox?: boolean } = {},
): Result<Config, readonly ConfigError[]> {
  const given = Object.entries(variables)
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([name, value]) => value !== "" || name === meansSomethingEmpty);
  const defaults = sandbox ? { DATABASE_URL: "memory:" } : {};
  const parsed = environment.safeParse({ ...defaults, ...Object.fromEntries(given) });
  if (!parsed.success) {
    return err(parsed.error.issues.map((issue) => ({ variable: String(issue.path[0]), detail: issue.message })));
  }
  const config = parsed.data;
  if (!isLoopback(config.HOST)) {
    return err([
      { variable: "HOST", detail: "is not a loopback address, and without API keys nothing else is listened on" },
    ]);
  }
  if ((config.WHATSAPP_APP_SECRET === undefined) !== (config.WHATSAPP_VERIFY_TOKEN === undefined)) {
    return err([{ variable: "WHATSAPP_APP_SECRET", detail: "and WHATSAPP_VERIFY_TOKEN are set both or neither" }]);
  }
  if (!sandbox && config.TENANT_SERVICE_URL !== undefined && config.TENANTS_FILE !== undefined) {
    return err([
      {
        variable: "TENANTS_FILE",
        detail: "and TENANT_SERVICE_URL are both set, and tenants come from one: unset the other",
      },
    ]);
  }
  if (config.WEBHOOK_FORWARD_URL !== undefined && config.CALLBACK_SECRET === undefined) {
    return err([
      { variable: "CALLBACK_SECRET", detail: "is what WEBHOOK_FORWARD_URL needs, to sign what is forwarded" },
    ]);
  }
  return ok(config);
}

/** The settings as text, one a line, with secrets masked. */
export function describeConfig(config: Config): string {
  return Object.keys(environment.shape)
    .map((name) => {
      const value = config[name as keyof Config];
      return printable(`${name}=${name === "DATABASE_URL" ? describeDatabaseUrl(config.DATABASE_URL) : textOf(value)}`);
    })
    .join("\n");
}

function textOf(value: Config[keyof Config]): string {
  return value === undefined ? "" : Array.isArray(value) ? value.join(",") : String(value);
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}

/** An IPv6 address has its brackets, as in a URL. */
function isHostName(text: string): boolean {
  return /^(?:[^\s:/?#@\\*[\]]+|\[[^\]]+\])$/.test(text) && URL.canParse(`http://${text}`);
}

function isSigningSecret(text: string): boolean {
  const [, base64 = ""] =
    /^(?:whsec_)?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text) ?? [];
  const { length } = Buffer.from(base64, "base64");
  return length >= 24 && length <= 64;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.[0-9]{1,3}){3}$/.test(host);
}
