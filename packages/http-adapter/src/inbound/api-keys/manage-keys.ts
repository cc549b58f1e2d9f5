import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { type Result, ResultAsync } from "neverthrow";

import { readGuardedFile } from "../../watched-file.ts";
import type { Scope } from "../access/access.ts";
import { createApiKey, createKeyId, digestOf, shownPartOf } from "./api-key.ts";
import { changeKeys } from "./change-keys.ts";
import { guardedKeys, type StoredKey } from "./keys-document.ts";
import { readLastUses } from "./last-uses.ts";
import type { ApiKeysFileInvalid } from "./open-api-keys.ts";
import type { RateLimit } from "./rate-limit.ts";

/** The key to create. */
export interface NewApiKey {
  /** Who uses it, for people. */
  readonly name: string;
  readonly tenants: "all" | readonly string[];
  readonly scopes: readonly Scope[];
  /** Default: it does not expire. */
  readonly expiresAt?: Date;
  /** Default: 10,000 requests per second on average, counted by the minute. */
  readonly rateLimit?: RateLimit;
}

/** What is known about a key. The key itself is not stored. */
export interface ApiKeyInfo extends NewApiKey {
  readonly id: string;
  /** The first characters of the key. */
  readonly beginsWith: string;
  readonly createdAt: Date;
  /** To the minute. Absent if it was never used. */
  readonly lastUsedAt?: Date;
}

/** Creates a key in a file of API keys, and the file if there is none. Returns the key, which is not stored anywhere. */
export function createKey(
  path: string,
  { name, tenants, scopes, expiresAt, rateLimit }: NewApiKey,
  clock: Clock = createSystemClock(),
): ResultAsync<{ readonly id: string; readonly key: string }, ApiKeysFileInvalid> {
  const key = createApiKey();
  const id = createKeyId();
  const stored: StoredKey = {
    id,
    name,
    begins_with: shownPartOf(key),
    sha256: digestOf(key),
    tenants: tenants === "all" ? "all" : [...tenants],
    scopes: [...scopes],
    ...(rateLimit && { rate_limit: { requests_per_second: rateLimit.requestsPerSecond, burst: rateLimit.burst } }),
    created_at: clock.now(),
    ...(expiresAt && { expires_at: expiresAt }),
  };
  return inFile(changeKeys(path, (keys) => [...keys, stored])).map(() => ({ id, key }));
}

/** Removes a key from a file of API keys. False if the file has no such key. */
export function revokeKey(path: string, id: string): ResultAsync<boolean, ApiKeysFileInvalid> {
  let isFound = false;
  return inFile(
    changeKeys(path, (keys) => {
      const kept = keys.filter((key) => key.id !== id);
      isFound = kept.length < keys.length;
      return isFound ? kept : keys;
    }),
  ).map(() => isFound);
}

/** The keys of a file, oldest first. */
export function listKeys(path: string): ResultAsync<readonly ApiKeyInfo[], ApiKeysFileInvalid> {
  return inFile(readGuardedFile(path, guardedKeys)).map(async (keys) => {
    const lastUses = await readLastUses(path);
    return keys.map((key) => infoOf(key, lastUses[key.id]));
  });
}

function infoOf(stored: StoredKey, lastUsedAt: Date | undefined): ApiKeyInfo {
  const { id, name, tenants, scopes, begins_with, created_at, expires_at, rate_limit: limit } = stored;
  return {
    id,
    name,
    beginsWith: begins_with,
    tenants,
    scopes,
    createdAt: created_at,
    ...(expires_at && { expiresAt: expires_at }),
    ...(limit && { rateLimit: { requestsPerSecond: limit.requests_per_second, burst: limit.burst } }),
    ...(lastUsedAt && { lastUsedAt }),
  };
}

function inFile<T>(result: Promise<Result<T, string>>): ResultAsync<T, ApiKeysFileInvalid> {
  return new ResultAsync(result).mapErr((reason) => ({ kind: "ApiKeysFileInvalid", reason }));
}
