import { err, errAsync, ok, okAsync, ResultAsync } from "neverthrow";

import { outletName, type OutletRef } from "../../content/identifiers.ts";
import { type Clock, toWallTime } from "../../ports/clock.ts";
import { type Credential, type Credentials, type CredentialsError, isSameCredential } from "../../ports/credentials.ts";

/** A credential that WhatsApp rejected, and until when it is not used again. */
interface Refusal {
  readonly credential: Credential;
  readonly until: number;
}

interface Entry {
  readonly outlet: OutletRef;
  credential?: Credential;
  freshUntil: number;
  /** The newest last. */
  refusals: readonly Refusal[];
  /** An error of the source, and until when it is repeated. */
  rejection?: { readonly error: CredentialsError; readonly until: number };
  pending?: Promise<Awaited<ReturnType<Credentials["lookup"]>>>;
}

/** A source of credentials that knows some of them. */
export interface CredentialCache extends Credentials {
  /** The credential that `lookup` would return at once; undefined if it would ask, or return an error. */
  known(outlet: OutletRef): Credential | undefined;
  /** Remembers that WhatsApp has rejected the credential, for a caller that does not look up another. */
  refuse(outlet: OutletRef, credential: Credential): void;
  /** The outlets that were looked up, up to 10,000 of them. */
  outlets(): readonly KnownOutlet[];
}

/** An outlet that was looked up. */
export interface KnownOutlet extends OutletRef {
  /** Its number. Absent if the outlet is unknown. */
  readonly phoneNumberId?: string;
  /** The account of the number, if the credential states it. */
  readonly wabaId?: string;
  /** `usable`: nothing speaks against it. `refused`: WhatsApp refused it, and there is no other. `unknown`: there is no such outlet. */
  readonly credential: "usable" | "refused" | "unknown";
}

const capacity = 10_000;

/**
 * Caches credentials for `ttlMs`. Remembers for `rememberMs` that an outlet is unknown, or that WhatsApp rejected its credentials.
 * Concurrent lookups of one outlet share one call. Does not remember `Unavailable`. With a `ttlMs` of 0 it asks the source each
 * time, and only avoids rejected credentials for `rememberMs`.
 */
export function createCredentialCache(
  credentials: Credentials,
  { clock, ttlMs, rememberMs }: { clock: Clock; ttlMs: number; rememberMs: number },
): CredentialCache {
  const entries = new Map<string, Entry>();

  function entryOf(outlet: OutletRef): Entry {
    const key = outletName(outlet);
    const known = entries.get(key);
    if (known) return known;
    const [oldest] = entries.size < capacity ? [] : entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
    const { tenantId, outletId } = outlet;
    const entry: Entry = { outlet: { tenantId, outletId }, freshUntil: -Infinity, refusals: [] };
    entries.set(key, entry);
    return entry;
  }

  function refuse(entry: Entry, credential: Credential): void {
    if (entry.credential && isSameCredential(entry.credential, credential)) delete entry.credential;
    const now = clock.monotonicMs();
    const others = entry.refusals.filter(
      (other) => other.until > now && !isSameCredential(other.credential, credential),
    );
    entry.refusals = [...others, { credential, until: now + rememberMs }].slice(-mostRefusals);
  }

  async function ask(outlet: OutletRef, entry: Entry, now: number) {
    const found = await credentials.lookup(outlet, entry.refusals.findLast(({ until }) => until > now)?.credential);
    const at = clock.monotonicMs();
    // WhatsApp may have rejected it to another call meanwhile.
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

  /** Adds until when the rejection is remembered, for callers who have not just asked WhatsApp themselves. */
  function asRemembered(error: CredentialsError, { rejection, refusals }: Entry): CredentialsError {
    const until = rejection?.until ?? refusals.at(-1)?.until;
    return error.kind === "NoOtherCredential" && until !== undefined
      ? { ...error, rememberedUntil: toWallTime(clock, until) }
      : error;
  }

  function freshOf({ credential, freshUntil }: Entry, now: number): Credential | undefined {
    return freshUntil > now ? credential : undefined;
  }

  function described({ outlet, credential, refusals, rejection }: Entry): readonly KnownOutlet[] {
    const known = credential ?? refusals.at(-1)?.credential;
    if (!known) return rejection ? [{ ...outlet, credential: "unknown" }] : [];
    const { phoneNumberId, wabaId } = known;
    return [
      {
        ...outlet,
        phoneNumberId,
        ...(wabaId !== undefined && { wabaId }),
        credential: credential ? "usable" : "refused",
      },
    ];
  }

  return {
    outlets: () => Array.from(entries.values()).flatMap(described),
    known: (outlet) => freshOf(entryOf(outlet), clock.monotonicMs()),
    refuse: (outlet, credential) => refuse(entryOf(outlet), credential),
    lookup(outlet, refused) {
      const entry = entryOf(outlet);
      const now = clock.monotonicMs();
      if (refused) refuse(entry, refused);
      const fresh = freshOf(entry, now);
      if (fresh) return okAsync(fresh);
      const answered = (error: CredentialsError) => (refused ? error : asRemembered(error, entry));
      if (entry.rejection && entry.rejection.until > now) return errAsync(answered(entry.rejection.error));
      entry.pending ??= ask(outlet, entry, now).finally(() => delete entry.pending);
      return new ResultAsync(entry.pending)
        .andThen((credential) =>
          refused && isSameCredential(credential, refused)
            ? err<Credential, CredentialsError>({ kind: "NoOtherCredential" })
            : ok(credential),
        )
        .mapErr(answered);
    },
  };
}

/** More credentials than an outlet ever has at a time. */
const mostRefusals = 8;
