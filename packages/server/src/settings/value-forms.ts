import { Secret } from "@message-sender/core/values";
import { isAddressRange, isCallbackUrl, isProxyUrl, isSigningSecret } from "@message-sender/http-adapter/values";
import { z } from "zod";

import { isDatabaseUrl } from "../store/database-url.ts";

// Parsers for the text of a variable.

export const longestWaitMs = 86_400_000;

export function integer(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,16}$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  const [last, ...others] = values.toReversed();
  return z.enum(values, { error: `must be ${others.toReversed().join(", ")} or ${last}` });
}

/** Kept unchanged. */
export const exactHttpUrl = z
  .string()
  .refine(isHttpUrl, { error: "must be an http or https URL without credentials, query or fragment" });

/** A base URL. Trailing slashes are removed. */
export const httpUrl = exactHttpUrl.transform((text) => text.replace(/\/+$/, ""));

/** A URL to post status callbacks to. It may have a query. */
export const callbackUrl = z
  .string()
  .refine(isCallbackUrl, { error: "must be an http or https URL without credentials or fragment" });

/** It may contain a password. Like curl's, it may lack its scheme. */
export const proxyUrl = z
  .string()
  .transform((text) => (text.includes("://") ? text : `http://${text}`))
  .refine(isProxyUrl, { error: "must be an http or https URL without path, query and fragment" })
  .transform((text) => new Secret(text));

export const proxyExceptions = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""))
  .refine((names) => names.every((name) => /^[\w.:*[\]-]{1,255}$/.test(name) || isAddressRange(name)), {
    error: "must be a comma-separated list of host names, addresses and ranges such as 10.0.0.0/8",
  });

export const databaseUrl = z.string().refine(isDatabaseUrl, {
  error: "must be memory:, sqlite:<file> or postgres://…",
});

export const secret = z.string().transform((text) => new Secret(text));

export const bearerToken = z
  .string()
  .regex(/^[\x21-\x7e]{1,4096}$/, { error: "must be 1 to 4096 visible ASCII characters" })
  .transform((text) => new Secret(text));

/** The secret format of Standard Webhooks (standardwebhooks.com), as its libraries read it. */
export const signingSecret = z
  .string()
  .refine(isSigningSecret, { error: "must be base64 of 24 to 64 bytes, with or without the prefix whsec_" })
  .transform((text) => new Secret(text));

export const appSecrets = z
  .string()
  .transform(commaSeparated)
  .refine((secrets) => secrets.every((text) => /^[\x21-\x7e]{8,256}$/.test(text)), {
    error: "must be a comma-separated list of secrets of 8 to 256 visible ASCII characters",
  })
  .transform((secrets) => secrets.map((text) => new Secret(text)));

export const hostNames = z
  .string()
  .transform(commaSeparated)
  .refine((names) => names.every(isHostName), {
    error: "must be a comma-separated list of host names or addresses, without ports",
  });

export const addressRanges = z
  .string()
  .transform(commaSeparated)
  .refine((ranges) => ranges.every(isAddressRange), {
    error: "must be a comma-separated list of addresses and ranges such as 10.0.0.0/8",
  });

export const retrySchedule = z
  .string()
  .transform((text) => (text.trim() === "" ? [] : text.split(",")))
  .refine((parts) => parts.length <= 20 && parts.every((part) => /^\s*[0-9]{1,8}\s*$/.test(part)), {
    error: "must be a comma-separated list of up to 20 delays in milliseconds",
  })
  .transform((parts) => parts.map(Number));

function commaSeparated(text: string): string[] {
  return text.split(",").map((part) => part.trim());
}

export function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}

/** An IPv6 address has brackets, as in a URL. */
function isHostName(text: string): boolean {
  return /^(?:[^\s:/?#@\\*[\]]+|\[[^\]]+\])$/.test(text) && URL.canParse(`http://${text}`);
}
