import { err, errAsync, ok, okAsync, ResultAsync } from "neverthrow";

import type { OutletRef } from "../../content/identifiers.ts";
import { type Clock, toWallTime } from "../../ports/clock.ts";
import { type Credential, type Credentials, type CredentialsError, isSameCredential } from "../../ports/credentials.ts";

/** What WhatsApp refused, and until when that is held against it. */
interface Refusal {
  readonly credential: Credential;
  readonly until: number;
}

interface Entry {
  credential?: Credential;
  freshUntil: number;
  /** The newest last. */
  refusals: readonly Refusal[];
  /** An answer without a credential, and until when it is repeated. */
  rejection?: { readonly error: CredentialsError; readonly until: number };
  pending?: Promise<Awaited<ReturnType<Credentials["lookup"]>>>;
}

const capacity = 10_000;

/**
 * Remembers credentials for `ttlMs`, and for `rememberMs` that an outlet is unknown or that WhatsApp refused what it
 * has. Lookups of one outlet that coincide make one call. What was unavailable is not remembered. With a `ttlMs` of 0 the
 * source is asked each time and its answer counts at once: only a credential that was refused is not given again so long.
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
    const entry: Entry = { freshUntil: -Infinity, refusals: [] };
    entries.set(key, entry);
    return entry;
  }

  function refuse(entry: Entry, credential: Credential, now: number): void {
    const others = entry.refusals.filter(
      (other) => other.until > now && !isSameCredential(other.credential, credential),
    );
    entry.refusals = [...others, { credential, until: now + rememberMs }].slice(-mostRefusals);
  }

  async function ask(outlet: OutletRef, entry: Entry, now: number) {
    const found = await credentials.lookup(outlet, entry.refusals.findLast(({ until }) => until > now)?.credential);
    const at = clock.monotonicMs();
    // Another call may have had it refused meanwhile.
    const isRefused =
      found.isOk() &&
      entry.refusals.some(({ credential, until }) => until > at && isSameCredential(credential, found.value));
    const answer = isRefused ? err<Credential, CredentialsError>({ kind: "NoOtherCredential" }) : found;
    if (answer.isOk()) {
      entry.credential = answer.value;
      entry.freshUntil = at + ttlMs;
      delete entry.rejection;
    } else if (answer.error.kind !== "Unavailable" && ttlMs > 0) {
      entry.rejection = { error: answer.error, until: at + rememberMs };
    }
    return answer;
  }

  /** Whoever brings a refused credential has just asked WhatsApp; anybody else is told that this was not done. */
  function asRemembered(error: CredentialsError, { rejection, refusals }: Entry): CredentialsError {
    const until = rejection?.until ?? refusals.at(-1)?.until;
    return error.kind === "NoOtherCredential" && until !== undefined
      ? { ...error, rememberedUntil: toWallTime(clock, until) }
      : error;
  }

  return {
    lookup(outlet, refused) {
      const entry = entryOf(outlet);
      const now = clock.monotonicMs();
      if (refused) refuse(entry, refused, now);
      if (entry.credential && refused && isSameCredential(entry.credential, refused)) delete entry.credential;
      if (entry.credential && entry.freshUntil > now) return okAsync(entry.credential);
      const told = (error: CredentialsError) => (refused ? error : asRemembered(error, entry));
      if (entry.rejection && entry.rejection.until > now) return errAsync(told(entry.rejection.error));
      entry.pending ??= ask(outlet, entry, now).finally(() => delete entry.pending);
      return new ResultAsync(entry.pending)
        .andThen((credential) =>
          refused && isSameCredential(credential, refused)
            ? err<Credential, CredentialsError>({ kind: "NoOtherCredential" })
            : ok(credential),
        )
        .mapErr(told);
    },
  };
}

/** More than any outlet has at a time. */
const mostRefusals = 8;
