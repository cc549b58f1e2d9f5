/** An access token that WhatsApp knows. */
export interface TokenSeed {
  readonly phoneNumberIds: readonly string[];
  /** When the token expires. Default: never. */
  readonly expiresAt?: Date;
}

export type TokenVerdict = "valid" | "unknown" | "expired" | "revoked" | "foreign";

/** Which access tokens may send from which phone number ids. Without seeds, every token may send from every number. */
export interface Tokens {
  /** Without seeds: any token is valid, and any number exists. */
  readonly acceptsAny: boolean;
  allow(token: string, phoneNumberId: string): void;
  /** A token without any phone number ids left is unknown. */
  withdraw(token: string, phoneNumberId: string): void;
  revoke(token: string): void;
  /** `foreign`: the token is valid, but not for this phone number id. */
  verdict(token: string, phoneNumberId: string): TokenVerdict;
  save(): SavedTokens;
  restore(saved: SavedTokens): void;
  /** Those that are known; none where any token is. */
  all(): readonly KnownToken[];
}

export interface SavedTokens {
  readonly numbers: readonly (readonly [token: string, phoneNumberIds: readonly string[]])[];
  readonly revoked: readonly string[];
}

/** A token, and what it may be used for. */
interface KnownToken {
  readonly token: string;
  readonly phoneNumberIds: readonly string[];
  readonly expiresAt?: Date;
  readonly isRevoked: boolean;
}

export function createTokens(seeds: Readonly<Record<string, TokenSeed>>, now: () => number): Tokens {
  const acceptsAny = Object.keys(seeds).length === 0;
  const numbers = new Map(Object.entries(seeds).map(([token, seed]) => [token, new Set(seed.phoneNumberIds)]));
  const revoked = new Set<string>();

  return {
    acceptsAny,
    allow(token, phoneNumberId) {
      if (acceptsAny) return;
      const own = numbers.get(token);
      if (own) own.add(phoneNumberId);
      else numbers.set(token, new Set([phoneNumberId]));
    },
    withdraw(token, phoneNumberId) {
      const own = numbers.get(token);
      own?.delete(phoneNumberId);
      if (own?.size === 0) numbers.delete(token);
    },
    revoke: (token) => revoked.add(token),
    all: () =>
      [...numbers].map(([token, own]) => {
        const expiresAt = seeds[token]?.expiresAt;
        return { token, phoneNumberIds: [...own], ...(expiresAt && { expiresAt }), isRevoked: revoked.has(token) };
      }),
    verdict(token, phoneNumberId) {
      if (revoked.has(token)) return "revoked";
      if (acceptsAny) return "valid";
      const own = numbers.get(token);
      if (!own) return "unknown";
      const expiresAt = seeds[token]?.expiresAt;
      if (expiresAt && expiresAt.getTime() <= now()) return "expired";
      return own.has(phoneNumberId) ? "valid" : "foreign";
    },
    save: () => ({ numbers: [...numbers].map(([token, own]) => [token, [...own]] as const), revoked: [...revoked] }),
    restore(saved) {
      numbers.clear();
      for (const [token, own] of saved.numbers) numbers.set(token, new Set(own));
      for (const token of saved.revoked) revoked.add(token);
    },
  };
}
