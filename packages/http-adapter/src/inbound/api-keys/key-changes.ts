import type { StoredKey } from "./keys-document.ts";

/** What a changed file of API keys has changed, by the ids of the keys: never a key or its digest. At most 100 of each. */
export interface KeyChanges {
  readonly added: readonly string[];
  readonly revoked: readonly string[];
  /** Keys with other tenants, scopes, limits, times or names than before. */
  readonly changed: readonly string[];
}

const mostIds = 100;

export function keyChanges(before: readonly StoredKey[], after: readonly StoredKey[]): KeyChanges {
  const earlier = new Map(before.map((key) => [key.id, key]));
  const later = new Set(after.map(({ id }) => id));
  const ids = (keys: readonly StoredKey[]) => keys.slice(0, mostIds).map(({ id }) => id);
  return {
    added: ids(after.filter(({ id }) => !earlier.has(id))),
    revoked: ids(before.filter(({ id }) => !later.has(id))),
    changed: ids(
      after.filter((key) => earlier.has(key.id) && JSON.stringify(earlier.get(key.id)) !== JSON.stringify(key)),
    ),
  };
}
