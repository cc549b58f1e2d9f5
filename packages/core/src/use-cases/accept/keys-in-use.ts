import { err, type Result, type ResultAsync } from "neverthrow";

import type { NotDelivered } from "../../domain/answer.ts";
import type { Key, KeyReused } from "./idempotency.ts";

type KeyInUse = KeyReused | (Extract<NotDelivered, { kind: "InProgress" }> & { readonly replayed: boolean });

/**
 * Allows one call at a time per key in this process. The store's unique index decides between processes. A call that would lose
 * there does not take a unit of quota first, which might be the last one.
 */
export interface KeysInUse {
  /** Takes the key for a call, which frees it however it ends. Returns why it cannot be taken, if it cannot. */
  take(key: Key): KeyInUse | undefined;
  free(key: Key): void;
  /** Takes the key for `work`. */
  withKey<T, E>(
    key: Key | undefined,
    work: () => Promise<Result<T, E>> | ResultAsync<T, E>,
  ): Promise<Result<T, E | KeyInUse>>;
}

export function createKeysInUse(): KeysInUse {
  const inUse = new Map<string, string>();

  function take(key: Key): KeyInUse | undefined {
    const name = nameOf(key);
    const fingerprint = inUse.get(name);
    if (fingerprint === key.fingerprint) return { kind: "InProgress", replayed: false };
    if (fingerprint !== undefined) return { kind: "KeyReused" };
    inUse.set(name, key.fingerprint);
    return undefined;
  }

  const free = (key: Key): void => void inUse.delete(nameOf(key));

  return {
    take,
    free,
    async withKey(key, work) {
      if (!key) return work();
      const taken = take(key);
      if (taken) return err(taken);
      try {
        return await work();
      } finally {
        free(key);
      }
    },
  };
}

function nameOf({ tenantId, key }: Key): string {
  return `${tenantId} ${key}`;
}
