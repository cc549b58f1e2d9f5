import { isIdentifier } from "@message-sender/core/values";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { scopes } from "../access/access.ts";

const time = z.iso.datetime().transform((text) => new Date(text));
const requests = z.int().min(1).max(1_000_000);

const keySchema = z.strictObject({
  id: z.string().regex(/^key_[0-9a-f]{16}$/),
  name: z.string().min(1).max(100),
  /** The first characters, by which its owner recognises the key. */
  begins_with: z.string().regex(/^msk_[0-9A-Za-z]{4}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tenants: z.union([z.literal("all"), z.array(z.string().refine(isIdentifier)).min(1)]),
  scopes: z.array(z.enum(scopes)).min(1),
  rate_limit: z.strictObject({ requests_per_second: requests, burst: requests }).optional(),
  created_at: time,
  expires_at: time.optional(),
});

const documentSchema = z.strictObject({ version: z.literal(1), keys: z.array(keySchema) });

/** A key as the file has it: everything but the key itself. */
export type StoredKey = Readonly<z.infer<typeof keySchema>>;

/** Parses a file of API keys. The error names the setting, never its value. */
export function parseKeys(text: string): Result<readonly StoredKey[], string> {
  const parsed = documentSchema.safeParse(jsonIn(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const setting = issue?.path.join(".") ?? "";
    return err(setting === "" ? "is not a file of API keys" : `${setting} is not valid in a file of API keys`);
  }
  const { keys } = parsed.data;
  const isUnique = (field: "id" | "sha256") => new Set(keys.map((key) => key[field])).size === keys.length;
  return isUnique("id") && isUnique("sha256") ? ok(keys) : err("has the same key more than once");
}

export function encodeKeys(keys: readonly StoredKey[]): string {
  return `${JSON.stringify({ version: 1, keys }, null, 2)}\n`;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How a file of API keys is read. Whoever can write it can make a key. */
export const guardedKeys = {
  parse: parseKeys,
  missing: "cannot be read (ENOENT): `message-sender keys create` makes it, with a first key",
  forbidden: {
    mode: 0o006,
    reason: "it decides who may use the API and must not be accessible to everyone; run chmod 600",
  },
};
