import { err, type Result, type ResultAsync } from "neverthrow";

import type { NotDelivered } from "../../domain/answer.ts";
import type { Key, KeyReused } from "./idempotency.ts";

type KeyInUse = KeyReused | (Extract<NotDelivered, { kind: "InProgress" }> & { readonly replayed: boolean });

/**
 * Allows one call at a time per key in this process. The store's unique index decides between processes. A call that would lose
 * there does not take a unit of quota first, which might be the last one.
 */
export interface KeysInUse {
  withKey<T, E>(
    key: Key | undefined,
    work: () => Promise<Result<T, E>> | ResultAsync<T, E>,
  ): Promise<Result<T, E | KeyInUse>>;
}

export function createKeysInUse(): KeysInUse {
  const inUse = new Map<string, string>();

  return {
    async withKey(key, work) {
      if (!key) return work();
      const name = `${key.tenantId} ${key.key}`;
      const fingerprint = inUse.get(name);
      if (fingerprint === key.fingerprint) return err({ kind: "InProgress", replayed: false });
      if (fingerprint !== undefined) return err({ kind: "KeyReused" });
      inUse.set(name, key.fingerprint);
      try {
        return await work();
      } finally {
        inUse.delete(name);
      }
    },
  };
}
