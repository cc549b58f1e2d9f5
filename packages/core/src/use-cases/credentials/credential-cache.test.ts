import { errAsync, type ResultAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { credentialsContract, describeCredentialsContract } from "../../contracts/credentials/contract.ts";
import { exampleCredential, exampleOutlet, exampleUnavailable } from "../../contracts/fixtures.ts";
import { createInMemoryCredentials, createManualClock } from "../../in-memory/index.ts";
import type { Credential, Credentials, CredentialsError } from "../../ports/credentials.ts";
import { type CredentialCache, createCredentialCache } from "./credential-cache.ts";

const first = exampleCredential("1");
const second = exampleCredential("2");

let clock: ReturnType<typeof createManualClock>;
let source: ReturnType<typeof createInMemoryCredentials>;
let lookups: (Credential | undefined)[];
let override: (() => ResultAsync<Credential, CredentialsError>) | undefined;
let cache: CredentialCache;

function setup() {
  clock = createManualClock();
  source = createInMemoryCredentials();
  lookups = [];
  override = undefined;
  const lookup: Credentials["lookup"] = (outlet, refused) => {
    lookups.push(refused);
    return override?.() ?? source.lookup(outlet, refused);
  };
  cache = createCredentialCache({ lookup }, { clock, ttlMs: 300_000, rememberMs: 30_000 });
  const goAway = () => {
    override = () => errAsync(exampleUnavailable);
  };
  return { credentials: cache, set: source.set, goAway };
}

beforeEach(() => {
  setup();
  source.set(exampleOutlet, first);
});

describeCredentialsContract({
  name: "credential cache",
  setup,
  skip: [{ reason: "it remembers", tests: [credentialsContract.cases[0]?.name ?? ""] }],
});

describe("credentials", () => {
  it("are looked up once in five minutes", async () => {
    for (const _ of [1, 2, 3]) (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    await clock.advance(299_999);
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    expect(lookups).toHaveLength(1);
    await clock.advance(1);
    source.set(exampleOutlet, second);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrap()).toBe(second);
    expect(lookups).toHaveLength(2);
  });

  it("are looked up once by concurrent calls", async () => {
    await Promise.all(Array.from({ length: 50 }, () => cache.lookup(exampleOutlet)));
    expect(lookups).toHaveLength(1);
  });

  it("that were rejected are looked up again, once for all calls", async () => {
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    source.set(exampleOutlet, second);
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.lookup(exampleOutlet, first)));
    for (const answer of answers) expect(answer._unsafeUnwrap()).toBe(second);
    expect(lookups).toEqual([undefined, first]);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrap()).toBe(second);
    expect(lookups).toHaveLength(2);
  });

  it("that were rejected are not used again, even if the source returns them again", async () => {
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    override = () => okAsync(first);
    for (const refused of [first, undefined]) {
      expect((await cache.lookup(exampleOutlet, refused))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
    }
    expect(lookups).toHaveLength(2);
  });
});

describe("an answer without credentials", () => {
  it("is repeated for 30 s if the outlet is unknown", async () => {
    source.remove(exampleOutlet);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrapErr().kind).toBe("OutletUnknown");
    source.set(exampleOutlet, first);
    await clock.advance(29_999);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrapErr().kind).toBe("OutletUnknown");
    await clock.advance(1);
    expect((await cache.lookup(exampleOutlet)).isOk()).toBe(true);
    expect(lookups).toHaveLength(2);
  });

  it("is repeated for 30 s if WhatsApp rejected the only credential", async () => {
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    (await cache.lookup(exampleOutlet, first))._unsafeUnwrapErr();
    await clock.advance(29_999);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
    expect(lookups).toHaveLength(2);
    await clock.advance(1);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrap()).toBe(first);
  });

  it("is not remembered if the source was unavailable", async () => {
    override = () => errAsync(exampleUnavailable);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrapErr().kind).toBe("Unavailable");
    override = undefined;
    expect((await cache.lookup(exampleOutlet)).isOk()).toBe(true);
  });

  it("of one outlet does not affect another", async () => {
    const other = { ...exampleOutlet, tenantId: "tenant-2" };
    expect((await cache.lookup(other)).isErr()).toBe(true);
    expect((await cache.lookup(exampleOutlet)).isOk()).toBe(true);
  });
});

describe("the answer of a remembered rejection", () => {
  it("says until when it is remembered, except to the call whose credential was rejected", async () => {
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    expect((await cache.lookup(exampleOutlet, first))._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
    const rememberedUntil = new Date(clock.now().getTime() + 30_000);
    await clock.advance(20_000);
    expect((await cache.lookup(exampleOutlet))._unsafeUnwrapErr()).toEqual({
      kind: "NoOtherCredential",
      rememberedUntil,
    });
  });
});

describe("what is known without a lookup", () => {
  it("is what a lookup would give at once, and nothing once it would ask or reject", async () => {
    expect(cache.known(exampleOutlet)).toBeUndefined();
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    await clock.advance(299_999);
    expect(cache.known(exampleOutlet)).toBe(first);
    expect(cache.known({ ...exampleOutlet, tenantId: "tenant-2" })).toBeUndefined();
    await clock.advance(1);
    expect(cache.known(exampleOutlet)).toBeUndefined();
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    (await cache.lookup(exampleOutlet, first))._unsafeUnwrapErr();
    expect(cache.known(exampleOutlet)).toBeUndefined();
    expect(lookups).toEqual([undefined, undefined, first]);
  });
});

describe("a source that is asked each time", () => {
  const asked = () => createCredentialCache({ lookup: source.lookup }, { clock, ttlMs: 0, rememberMs: 30_000 });

  it("is never known", async () => {
    const direct = asked();
    (await direct.lookup(exampleOutlet))._unsafeUnwrap();
    expect(direct.known(exampleOutlet)).toBeUndefined();
  });

  it("provides a replaced credential at once", async () => {
    const direct = asked();
    (await direct.lookup(exampleOutlet))._unsafeUnwrap();
    (await direct.lookup(exampleOutlet, first))._unsafeUnwrapErr();
    const rememberedUntil = new Date(clock.now().getTime() + 30_000);
    await clock.advance(1000);
    expect((await direct.lookup(exampleOutlet))._unsafeUnwrapErr()).toEqual({
      kind: "NoOtherCredential",
      rememberedUntil,
    });
    source.set(exampleOutlet, second);
    expect((await direct.lookup(exampleOutlet))._unsafeUnwrap()).toBe(second);
  });

  it("does not provide a rejected credential for 30 s, even after another was rejected", async () => {
    const direct = asked();
    (await direct.lookup(exampleOutlet, first))._unsafeUnwrapErr();
    source.set(exampleOutlet, second);
    (await direct.lookup(exampleOutlet, second))._unsafeUnwrapErr();
    source.set(exampleOutlet, first);
    await clock.advance(29_999);
    expect((await direct.lookup(exampleOutlet))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
    await clock.advance(1);
    expect((await direct.lookup(exampleOutlet))._unsafeUnwrap()).toBe(first);
  });

  it("knows a new outlet at once", async () => {
    const direct = asked();
    source.remove(exampleOutlet);
    expect((await direct.lookup(exampleOutlet))._unsafeUnwrapErr().kind).toBe("OutletUnknown");
    source.set(exampleOutlet, first);
    expect((await direct.lookup(exampleOutlet))._unsafeUnwrap()).toBe(first);
  });
});

describe("the memory", () => {
  it("is bounded: beyond 10,000 outlets the oldest is looked up again", async () => {
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    for (let index = 0; index < 10_000; index += 1)
      (await cache.lookup({ ...exampleOutlet, outletId: `o-${index}` }))._unsafeUnwrapErr();
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    expect(lookups).toHaveLength(10_002);
  });
});

describe("a credential that is rejected again and again", () => {
  it("is looked up once in thirty seconds, each time", async () => {
    for (const round of [1, 2, 3]) {
      const given = (await cache.lookup(exampleOutlet))._unsafeUnwrap();
      expect((await cache.lookup(exampleOutlet, given))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
      for (const _ of [1, 2, 3]) {
        expect((await cache.lookup(exampleOutlet))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
      }
      expect(lookups).toHaveLength(2 * round);
      await clock.advance(30_000);
    }
  });
});

describe("the outlets that were looked up", () => {
  const stranger = { tenantId: exampleOutlet.tenantId, outletId: "nowhere" };

  it("are listed with their numbers, and with what is known about their credentials", async () => {
    expect(cache.outlets()).toEqual([]);
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    (await cache.lookup(stranger))._unsafeUnwrapErr();
    const known = { ...exampleOutlet, phoneNumberId: first.phoneNumberId };
    expect(cache.outlets()).toMatchObject([
      { ...known, credential: "usable" },
      { ...stranger, credential: "unknown" },
    ]);
    (await cache.lookup(exampleOutlet, first))._unsafeUnwrapErr();
    await clock.advance(60_000);
    expect(cache.outlets()).toMatchObject([{ ...known, credential: "refused" }, { credential: "unknown" }]);
    source.set(exampleOutlet, second);
    (await cache.lookup(exampleOutlet))._unsafeUnwrap();
    expect(cache.outlets()).toMatchObject([{ credential: "usable" }, { credential: "unknown" }]);
  });

  it("are not listed while nothing is known about them", async () => {
    override = () => errAsync(exampleUnavailable);
    (await cache.lookup(exampleOutlet))._unsafeUnwrapErr();
    expect(cache.outlets()).toEqual([]);
  });
});
