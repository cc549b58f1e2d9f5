import type { StoredKey } from "./keys-document.ts";
import { createRateLimiter, generousLimit, type RateLimit, type RateLimitState } from "./rate-limit.ts";

/** A key of the file, ready for requests. */
export interface LiveKey {
  readonly id: string;
  readonly stored: StoredKey;
  readonly tenants: "all" | ReadonlySet<string>;
  /** Counts a request. */
  count(): RateLimitState;
}

/** The keys in effect, by the digest of each. */
export interface LiveKeys {
  find(digest: string): LiveKey | undefined;
  has(keyId: string): boolean;
  /** The digest of a key, by the key's id. */
  digestOf(keyId: string): string | undefined;
  /** A key whose limit did not change keeps its count. */
  replace(stored: readonly StoredKey[]): void;
}

export function createLiveKeys(): LiveKeys {
  let byDigest: ReadonlyMap<string, LiveKey> = new Map();
  let digests: ReadonlyMap<string, string> = new Map();

  return {
    find: (digest) => byDigest.get(digest),
    has: (keyId) => digests.has(keyId),
    digestOf: (keyId) => digests.get(keyId),
    replace(stored) {
      const previous = byDigest;
      byDigest = new Map(stored.map((key) => [key.sha256, liveKeyOf(key, previous.get(key.sha256))]));
      digests = new Map(stored.map(({ id, sha256 }) => [id, sha256]));
    },
  };
}

function liveKeyOf(stored: StoredKey, previous: LiveKey | undefined): LiveKey {
  const { id, tenants } = stored;
  const limit = limitOf(stored);
  const isSameLimit = previous !== undefined && isEqual(limit, limitOf(previous.stored));
  return {
    id,
    stored,
    tenants: tenants === "all" ? "all" : new Set(tenants),
    count: isSameLimit ? previous.count : createRateLimiter(limit),
  };
}

function limitOf({ rate_limit: limit }: StoredKey): RateLimit {
  return limit ? { requestsPerSecond: limit.requests_per_second, burst: limit.burst } : generousLimit;
}

function isEqual(one: RateLimit, other: RateLimit): boolean {
  return one.requestsPerSecond === other.requestsPerSecond && one.burst === other.burst;
}
