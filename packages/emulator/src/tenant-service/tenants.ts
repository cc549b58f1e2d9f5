import { setBounded } from "../collections/bounded-map.ts";
import { createTokens, type SavedTokens, type Tokens, type TokenSeed } from "../graph/access/tokens.ts";
import { derivedCredentials, type OutletCredentials } from "./outlet-credentials.ts";
import { createTenantQuota, type QuotaSeed, type SavedQuota, type TenantQuota } from "./tenant-quota.ts";

/** Where status callbacks go, as the Tenant Service returns it. */
export interface TenantCallbacks {
  readonly status_callback_url: string;
  readonly secret: string;
}

/** A tenant that the Tenant Service knows. */
export interface TenantSeed {
  /** Default: `defaultQuota`, reset at the next midnight in UTC. */
  readonly quota?: QuotaSeed;
  /** Where status callbacks of the tenant go. Default: nowhere. */
  readonly callbacks?: TenantCallbacks;
  /** By outlet id. Default: every outlet exists, with credentials derived from its id. */
  readonly outlets?: Readonly<Record<string, OutletCredentials>>;
}

export interface TenantSeeds {
  readonly tenants: Readonly<Record<string, TenantSeed>>;
  readonly tokens: Readonly<Record<string, TokenSeed>>;
  readonly defaultQuota: number;
}

/** The Tenant Service's tenants, and the access tokens that WhatsApp knows because of them. */
export interface Tenants {
  readonly tokens: Tokens;
  credentials(tenantId: string, outletId: string): OutletCredentials | undefined;
  quota(tenantId: string): TenantQuota | undefined;
  /** Like `quota`, but creates an unknown tenant. */
  ensureQuota(tenantId: string): TenantQuota;
  /** Where tokens are seeded, WhatsApp then knows the outlet's new token instead of the previous one. */
  setCredentials(tenantId: string, outletId: string, next: Partial<OutletCredentials>): OutletCredentials;
  /** undefined: the tenant has none, or is unknown. */
  callbacks(tenantId: string): TenantCallbacks | undefined;
  setCallbacks(tenantId: string, next: TenantCallbacks | undefined): void;
  /** undefined: no outlet whose credentials were seeded or requested has that number, or the outlet has no WABA id. */
  wabaOf(phoneNumberId: string): string | undefined;
  /** The first number that `wabaOf` knows. */
  firstNumber(): string | undefined;
  /** The numbers that `wabaOf` knows to belong to the WABA. */
  numbersOf(wabaId: string): readonly string[];
  /** The WABAs that `wabaOf` knows. */
  accounts(): readonly string[];
  save(): SavedTenants;
  restore(saved: SavedTenants): void;
}

export interface SavedTenants {
  readonly tenants: readonly (readonly [tenantId: string, tenant: SavedTenant])[];
  /** The account of each number. */
  readonly accounts: readonly (readonly [phoneNumberId: string, wabaId: string])[];
  readonly tokens: SavedTokens;
}

interface SavedTenant {
  readonly quota: SavedQuota;
  readonly outlets: readonly (readonly [outletId: string, credentials: OutletCredentials])[];
  readonly callbacks?: TenantCallbacks;
}

interface Tenant {
  readonly quota: TenantQuota;
  readonly outlets: Map<string, OutletCredentials>;
  readonly anyOutlet: boolean;
  callbacks: TenantCallbacks | undefined;
}

const keptTenants = 100_000;

export function createTenants(seeds: TenantSeeds, now: () => number): Tenants {
  const anyTenant = Object.keys(seeds.tenants).length === 0;
  const wabas = new Map<string, string>();
  const known = new Map(Object.entries(seeds.tenants).map(([id, seed]) => [id, tenantOf(seed)]));
  const tokens = createTokens(tokenSeeds(seeds), now);

  function rememberWaba({ phone_number_id: number, waba_id: waba }: OutletCredentials): void {
    if (waba !== undefined) setBounded(wabas, number, waba, keptTenants);
  }

  function tenantOf(seed: TenantSeed): Tenant {
    for (const outlet of Object.values(seed.outlets ?? {})) rememberWaba(outlet);
    return {
      quota: createTenantQuota(seed.quota ?? { limit: seeds.defaultQuota }),
      outlets: new Map(Object.entries(seed.outlets ?? {})),
      anyOutlet: seed.outlets === undefined,
      callbacks: seed.callbacks,
    };
  }

  function ensure(tenantId: string): Tenant {
    const tenant = known.get(tenantId) ?? tenantOf({});
    setBounded(known, tenantId, tenant, keptTenants);
    return tenant;
  }

  function find(tenantId: string): Tenant | undefined {
    return known.get(tenantId) ?? (anyTenant ? ensure(tenantId) : undefined);
  }

  function credentials(tenantId: string, outletId: string): OutletCredentials | undefined {
    const tenant = find(tenantId);
    const own = tenant?.outlets.get(outletId);
    if (own || !tenant?.anyOutlet) return own;
    const derived = derivedCredentials(tenantId, outletId);
    tokens.allow(derived.waba_access_token, derived.phone_number_id);
    setBounded(tenant.outlets, outletId, derived, keptTenants);
    rememberWaba(derived);
    return derived;
  }

  return {
    tokens,
    credentials,
    quota: (tenantId) => find(tenantId)?.quota,
    ensureQuota: (tenantId) => ensure(tenantId).quota,
    setCredentials(tenantId, outletId, next) {
      const { outlets } = ensure(tenantId);
      const before = credentials(tenantId, outletId);
      const after = { ...(before ?? derivedCredentials(tenantId, outletId)), ...next };
      if (before) tokens.withdraw(before.waba_access_token, before.phone_number_id);
      tokens.allow(after.waba_access_token, after.phone_number_id);
      outlets.set(outletId, after);
      rememberWaba(after);
      return after;
    },
    callbacks: (tenantId) => find(tenantId)?.callbacks,
    setCallbacks: (tenantId, next) => void (ensure(tenantId).callbacks = next),
    wabaOf: (phoneNumberId) => wabas.get(phoneNumberId),
    firstNumber: () => wabas.keys().next().value,
    accounts: () => [...new Set(wabas.values())],
    numbersOf: (wabaId) => [...wabas].flatMap(([number, waba]) => (waba === wabaId ? [number] : [])),
    save: () => ({
      tenants: [...known].map(([id, { quota, outlets, callbacks }]) => {
        return [id, { quota: quota.save(), outlets: [...outlets], ...(callbacks && { callbacks }) }] as const;
      }),
      accounts: [...wabas],
      tokens: tokens.save(),
    }),
    restore(saved) {
      for (const [id, { quota, outlets, callbacks }] of saved.tenants) {
        const tenant = ensure(id);
        tenant.quota.restore(quota);
        tenant.callbacks = callbacks;
        tenant.outlets.clear();
        for (const [outletId, own] of outlets) tenant.outlets.set(outletId, own);
      }
      for (const [number, account] of saved.accounts) wabas.set(number, account);
      tokens.restore(saved.tokens);
    },
  };
}

function tokenSeeds({ tenants, tokens }: TenantSeeds): Readonly<Record<string, TokenSeed>> {
  const all: Record<string, TokenSeed> = { ...tokens };
  for (const { waba_access_token: token, phone_number_id: number } of Object.values(tenants).flatMap((tenant) =>
    Object.values(tenant.outlets ?? {}),
  )) {
    all[token] = { ...all[token], phoneNumberIds: [...(all[token]?.phoneNumberIds ?? []), number] };
  }
  return all;
}
