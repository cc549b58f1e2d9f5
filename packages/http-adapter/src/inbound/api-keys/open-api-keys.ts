import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { ResultAsync } from "neverthrow";

import { watchFile } from "../../watched-file.ts";
import type { AccessCheck, AccessDecision } from "../access/access.ts";
import { authorizationCheck } from "../access/authorization-check.ts";
import { digestOf, hintOf, isApiKey, sessionSecretOf } from "./api-key.ts";
import { guardedKeys, type StoredKey } from "./keys-document.ts";
import { keyChanges, type KeyChanges } from "./key-changes.ts";
import { createLastUses } from "./last-uses.ts";
import { createLiveKeys, type LiveKey } from "./live-keys.ts";

/** The options of `openApiKeys`. */
export interface ApiKeysOptions {
  readonly clock?: Clock;
  /** Called when a changed file is invalid, and when the times of last use cannot be stored. */
  readonly onError?: (reason: string) => void;
  /** Called when a changed file takes effect, with how many keys it has and which have changed. */
  readonly onReload?: (counts: { readonly keys: number }, changes: KeyChanges) => void;
}

/** The file is invalid. `reason` names the setting in it, never a value. */
export interface ApiKeysFileInvalid {
  readonly kind: "ApiKeysFileInvalid";
  readonly reason: string;
}

/** The API keys of a file. */
export interface ApiKeys {
  /** Admits the callers that have a key of the file. */
  readonly access: AccessCheck;
  /**
   * 32 bytes with which a session of a key is sealed, by the key's id: the same in every process with the file. Undefined once the key
   * is revoked.
   */
  sessionSecret(keyId: string): Uint8Array | undefined;
  /** Stops looking at the file, and stores the times of last use. */
  close(): Promise<void>;
}

/** A change takes effect within a second, with a margin for a busy machine. */
const intervalMs = 250;

/**
 * Reads a file of API keys, which `message-sender keys` writes, and watches it for changes. A key that is added or revoked counts
 * within a second. While a changed file is missing, invalid or accessible to everyone, the previous keys stay in effect, except
 * those that expire: a mistake in the file must not lock everybody out, and a command that revokes a key never makes one.
 *
 * When a key was last used is stored beside the file, in `<path>.last-used`, to the minute.
 *
 * @example
 * ```ts
 * const { access, close } = (await openApiKeys("api-keys.json"))._unsafeUnwrap();
 * const app = createHttpApp({ sender, access });
 * ```
 */
export function openApiKeys(
  path: string,
  { clock = createSystemClock(), onError = () => {}, onReload = () => {} }: ApiKeysOptions = {},
): ResultAsync<ApiKeys, ApiKeysFileInvalid> {
  const live = createLiveKeys();
  const lastUses = createLastUses(path, { isLive: live.has, onError });
  let current: readonly StoredKey[] = [];
  function replace(stored: readonly StoredKey[]): void {
    live.replace(stored);
    current = stored;
  }
  const opened = watchFile(path, {
    ...guardedKeys,
    clock,
    intervalMs,
    onError: (reason) => onError(`${reason}; the previous keys stay in effect`),
    onReload(stored) {
      const changes = keyChanges(current, stored);
      replace(stored);
      onReload({ keys: stored.length }, changes);
    },
  });

  function decide({ id, stored, tenants, count }: LiveKey): AccessDecision {
    const now = clock.now().getTime();
    if (stored.expires_at && stored.expires_at.getTime() <= now) {
      return { ...unauthenticated(`This API key expired at ${stored.expires_at.toISOString()}.`), caller: id };
    }
    lastUses.record(id, now);
    const { isExceeded, headers, resetSeconds } = count();
    return isExceeded
      ? { ...tooMany, retryAfterSeconds: resetSeconds, caller: id, headers }
      : { tenants, scopes: stored.scopes, caller: id, headers };
  }

  function decideBy(authorization: string | null): AccessDecision {
    if (authorization === null) return noKey;
    if (!/^bearer\b/i.test(authorization)) return otherScheme;
    const [, key = ""] = /^bearer +(\S{1,100})$/i.exec(authorization) ?? [];
    // What is compared is the digest of the key: the time that takes says nothing about any stored key.
    const known = live.find(digestOf(key));
    if (known) return decide(known);
    const callerHint = hintOf(key);
    return { ...(isApiKey(key) ? unknownKey : noApiKey), ...(callerHint !== undefined && { callerHint }) };
  }

  return new ResultAsync(opened)
    .map((file) => {
      replace(file.current());
      return {
        access: authorizationCheck(decideBy),
        sessionSecret(keyId: string) {
          const digest = live.digestOf(keyId);
          return digest === undefined ? undefined : sessionSecretOf(digest);
        },
        async close() {
          await file.close();
          await lastUses.close();
        },
      };
    })
    .mapErr((reason) => ({ kind: "ApiKeysFileInvalid", reason }));
}

function unauthenticated(detail: string): AccessDecision {
  return { refused: "unauthenticated", detail };
}

const noKey = unauthenticated("The request has no API key. Send it as `Authorization: Bearer <key>`.");
const otherScheme = unauthenticated(
  "The Authorization header has another scheme. Send the API key as `Authorization: Bearer <key>`.",
);
const noApiKey = unauthenticated(
  "The API key is not valid: it is incomplete or mistyped. Send it as `Authorization: Bearer <key>`.",
);
const unknownKey = unauthenticated("The API key is not valid: it may have been revoked.");
const tooMany = { refused: "too-many-requests", detail: "This API key has used up its requests for now." } as const;
