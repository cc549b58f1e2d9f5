import type { Secret } from "@message-sender/core";
import { assertSenderOptions } from "@message-sender/core/adapter";
import { isAddressRange, isCallbackUrl, isProxyUrl, isSigningSecret } from "@message-sender/http-adapter/values";
import { z } from "zod";

import type { ServiceOptions } from "./service-options.ts";
import { isHttpUrl } from "./settings/value-forms.ts";
import { isDatabaseUrl } from "./store/database-url.ts";

const orMissing = (error: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? "is missing" : error;
const text = z.string({ error: orMissing("must be a string") });
const object = z.custom<object>((value) => typeof value === "object" && value !== null, { error: "must be an object" });
const atLeastOne = z
  .int({ error: "must be a whole number above 0" })
  .min(1, { error: "must be a whole number above 0" });
const notNegative = z.number({ error: "must be a number of milliseconds" }).nonnegative({ error: "must be 0 or more" });
const httpUrl = text.refine(isHttpUrl, {
  error: "must be an http or https URL without credentials, query or fragment",
});

/** A URL to post to may have a query. */
const targetUrl = text.refine(isTargetUrl, { error: "must be an http or https URL without credentials" });

function isTargetUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}

function group<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" ? "there is no such option" : "must be an object"),
  });
}

function secretOf(isValid: (revealed: string) => boolean, error: string) {
  return z.custom<string | Secret>(
    (value) => {
      const revealed = isSecret(value) ? value.reveal() : value;
      return typeof revealed === "string" && isValid(revealed);
    },
    { error: orMissing(error) },
  );
}

function isRegistry(value: unknown): boolean {
  return typeof value === "object" && value !== null && "registerMetric" in value && "metrics" in value;
}

/** Also accepts a `Secret` of another copy of the core. */
function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && "reveal" in value && typeof value.reveal === "function";
}

const secret = secretOf((revealed) => revealed !== "", "must be a non-empty string or Secret");
const appSecrets = z.custom(
  (value) => [value].flat().length > 0 && [value].flat().every((each) => secret.safeParse(each).success),
  { error: orMissing("must be a non-empty string or Secret, or an array of them") },
);

const signingSecret = secretOf(isSigningSecret, "must be base64 of 24 to 64 bytes, with or without the prefix whsec_");

/** The options of a service, apart from those of its sender. */
const serviceOptions = {
  databaseUrl: text.refine(isDatabaseUrl, { error: "must be memory:, sqlite:<file> or postgres://…" }),
  store: object,
  tenants: object,
  tenantsFile: text,
  tenantServiceUrl: httpUrl,
  conversationServiceUrl: httpUrl,
  serviceToken: secretOf(
    (revealed) => /^[\x21-\x7e]{1,4096}$/.test(revealed),
    "must be 1 to 4096 visible ASCII characters",
  ),
  graphUrl: httpUrl,
  graphVersion: text.regex(/^v[0-9]{1,3}\.[0-9]{1,2}$/, { error: "must be a version such as v25.0" }),
  processLeaseMs: z
    .int({ error: "must be a whole number of 1000 or more" })
    .min(1000, { error: "must be a whole number of 1000 or more" }),
  partitionDays: z
    .int({ error: "must be a whole number from 1 to 31" })
    .min(1, { error: "must be a whole number from 1 to 31" })
    .max(31, { error: "must be a whole number from 1 to 31" }),
  graphMaxConnections: atLeastOne,
  proxy: group({
    url: secretOf(isProxyUrl, "must be an http or https URL without path, query and fragment"),
    except: z.array(text, { error: "must be an array of host names" }).optional(),
  }),
  errorRulesFile: text,
  pacing: group({
    rates: z.boolean({ error: "must be true or false" }).optional(),
    numberPerSecond: atLeastOne.optional(),
    pairBurst: atLeastOne.optional(),
    shared: z.boolean({ error: "must be true or false" }).optional(),
    bookAheadMs: atLeastOne.optional(),
  }),
  overload: group({ loopDelayMs: notNegative.optional(), storeWaitMs: notNegative.optional() }),
  access: z.custom((value) => value === "open" || typeof value === "function", {
    error: 'must be "open" or a function of the request',
  }),
  apiKeysFile: text,
  foreignOrigins: z.enum(["refused", "allowed"], { error: 'must be "refused" or "allowed"' }),
  allowedHosts: z.union([z.literal("any"), z.array(text)], { error: 'must be "any" or an array of host names' }),
  trustedProxies: z.array(text.refine(isAddressRange, { error: "must be an address or a CIDR range" }), {
    error: "must be an array of addresses and CIDR ranges",
  }),
  apiKeys: z.enum(["refused", "ignored"], { error: 'must be "refused" or "ignored"' }),
  console: z.boolean({ error: "must be true or false" }),
  webhooks: group({ appSecret: appSecrets, verifyToken: secret }),
  webhookForwarding: group({
    url: targetUrl,
    secret: signingSecret,
  }),
  statusCallbacks: group({
    url: text
      .refine(isCallbackUrl, { error: "must be an http or https URL without credentials or fragment" })
      .optional(),
    secret: signingSecret.optional(),
    allowPrivate: z.boolean({ error: "must be true or false" }).optional(),
  }).refine(({ url, secret }) => (url === undefined) === (secret === undefined), {
    error: "url and secret must be set together",
  }),
  sandbox: z.object({ graphUrl: text, tenantUrl: text, conversationUrl: text }, { error: "must be an object" }),
  logger: object,
  logNumbers: z.enum(["masked", "full"], { error: 'must be "masked" or "full"' }),
  telemetry: object,
  metrics: z.custom(isRegistry, { error: "must be a Registry of @prometheus-io/client" }),
  ports: object,
} satisfies Record<string, z.ZodType>;

/**
 * Throws for the first option that does not exist or is invalid. The message begins with the name from `nameOf`, and never shows
 * the value. Files, services and the store are checked later, when they are opened.
 */
export function checkOptions(options: ServiceOptions, nameOf: (option: keyof ServiceOptions) => string): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError("createService: the options must be an object");
  const ofSender: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(serviceOptions, name)) ofSender[name] = value;
    else if (value !== undefined) {
      const [issue] = serviceOptions[name as keyof typeof serviceOptions].safeParse(value).error?.issues ?? [];
      if (issue) throw new TypeError(`${nameOf(pathOf(name, issue) as keyof ServiceOptions)}: ${issue.message}`);
    }
  }
  assertSenderOptions(ofSender);
}

function pathOf(option: string, issue: z.core.$ZodIssue): string {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  return [option, ...issue.path, ...unknown].join(".");
}
