import { err, errAsync, ok, okAsync, ResultAsync } from "neverthrow";

import type { OutletRef } from "../domain/identifiers.ts";
import type { Clock } from "../ports/clock.ts";
import { type Credential, type Credentials, type CredentialsError, isSameCredential } from "../ports/credentials.ts";

interface Entry {
  credential?: Credential;
  freshUntil: number;
  /** What WhatsApp refused last, and until when that is held against it. */
  refused?: { readonly credential: Credential; readonly until: number };
  /** An answer without a credential, and until when it is repeated. */
  rejection?: { readonly error: CredentialsError; readonly until: number };
  pending?: Promise<Awaited<ReturnType<Credentials["lookup"]>>>;
}

const capacity = 10_000;

/**
 * Remembers credentials for `ttlMs`, and for `rememberMs` that an outlet is unknown or that WhatsApp refused what it
 * has. Lookups of one outlet that coincide make one call. What was unavailable is not remembered.
 */
export function createCredentialCache(
  credentials: Credentials,
  { clock, ttlMs, rememberMs }: { clock: Clock; ttlMs: number; rememberMs: number },
): Credentials {
  const entries = new Map<string, Entry>();

  function entryOf(outlet: OutletRef): Entry {
    const key = `${outlet.tenantId}/${outlet.outletId}`;
    const known = entries.get(key);
    if (known) return known;
    const [oldest] = entries.size < capacity ? [] : entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
    const entry: Entry = { freshUntil: -Infinity };
    entries.set(key, entry);
    return entry;
  }

  async function ask(outlet: OutletRef, entry: Entry, now: number) {
    const refused = entry.refused && entry.refused.until > now ? entry.refused.credential : undefined;
    const found = await credentials.lookup(outlet, refused);
    const at = clock.monotonicMs();
    // Another call may have had it refused meanwhile.
    const isRefused = found.isOk() && entry.refused && isSameCredential(found.value, entry.refused.credential);
    const answer =
      isRefused && entry.refused && entry.refused.until > at
        ? err<Credential, CredentialsError>({ kind: "NoOtherCredential" })
        : found;
    if (answer.isOk()) {
      entry.credential = answer.value;
      entry.freshUntil = at + ttlMs;
      delete entry.rejection;
    } else if (answer.error.kind !== "Unavailable") {
      entry.rejection = { error: answer.error, until: at + rememberMs };
    }
    return answer;
  }

  return {
    lookup(outlet, refused) {
      const entry = entryOf(outlet);
      const now = clock.monotonicMs();
      if (refused) entry.refused = { credential: refused, until: now + rememberMs };
      if (entry.credential && refused && isSameCredential(entry.credential, refused)) delete entry.credential;
      if (entry.credential && entry.freshUntil > now) return okAsync(entry.credential);
      if (entry.rejection && entry.rejection.until > now) return errAsync(entry.rejection.error);
      entry.pending ??= ask(outlet, entry, now).finally(() => delete entry.pending);
      return new ResultAsync(entry.pending).andThen((credential) =>
        refused && isSameCredential(credential, refused)
          ? err<Credential, CredentialsError>({ kind: "NoOtherCredential" })
          : ok(credential),
      );
    },
  };
}
