import { err, type Result } from "neverthrow";

import type { NotDelivered } from "../../domain/answer.ts";
import type { R } from "../../ports/result.ts";
import type { Key, KeyReused } from "./idempotency.ts";

type KeyInUse = KeyReused | (Extract<NotDelivered, { kind: "InProgress" }> & { readonly replayed: boolean });

/**
 * Lets one call of this process at a time work under a key. The store's unique index decides between processes; this
 * spares the calls that would lose there their unit of quota, so that they cannot use up a quota's last one.
 */
export interface KeysInUse {
  withKey<T, E>(key: Key | undefined, work: () => Promise<Result<T, E>> | R<T, E>): Promise<Result<T, E | KeyInUse>>;
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
