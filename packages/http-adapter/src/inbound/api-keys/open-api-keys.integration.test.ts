import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createManualClock } from "@message-sender/core/in-memory";
import { describe, expect, it, onTestFinished } from "vitest";

import type { AccessGrant } from "../access/access.ts";
import { createApiKey } from "./api-key.ts";
import { createKey, listKeys, type NewApiKey, revokeKey } from "./manage-keys.ts";
import { openApiKeys } from "./open-api-keys.ts";

const crm: NewApiKey = { name: "CRM", tenants: ["acme"], scopes: ["send"] };

async function openedWith(request: NewApiKey = crm) {
  const folder = await mkdtemp(join(tmpdir(), "api-keys-"));
  const path = join(folder, "keys.json");
  const { id, key } = (await createKey(path, request))._unsafeUnwrap();
  const clock = createManualClock();
  const errors: string[] = [];
  const reloads: unknown[] = [];
  const keys = (
    await openApiKeys(path, {
      clock,
      onError: (reason) => errors.push(reason),
      onReload: (...each) => reloads.push(each),
    })
  )._unsafeUnwrap();
  onTestFinished(async () => {
    await keys.close();
    await rm(folder, { recursive: true });
  });
  const ask = async (authorization?: string) =>
    keys.access(new Request("http://localhost/", { headers: authorization === undefined ? {} : { authorization } }));
  /** Lets the server look at the file until the condition is true. */
  async function settle(condition: () => boolean | Promise<boolean>): Promise<void> {
    await expect
      .poll(async () => {
        await clock.advance(250);
        return condition();
      })
      .toBe(true);
  }
  return { path, clock, errors, reloads, keys, id, key, ask, settle, bearer: `Bearer ${key}` };
}

describe("a key", () => {
  it("admits its tenants with its scopes", async () => {
    const { ask, bearer, id } = await openedWith({ ...crm, tenants: ["acme", "other"], scopes: ["send", "read"] });
    expect(await ask(bearer)).toMatchObject({
      tenants: new Set(["acme", "other"]),
      scopes: ["send", "read"],
      caller: id,
    });
  });

  it("has a secret for its sessions, the same in each process, until it is revoked", async () => {
    const { keys, path, id, settle, ask, bearer } = await openedWith();
    const secret = keys.sessionSecret(id);
    expect(secret).toHaveLength(32);
    const elsewhere = (await openApiKeys(path))._unsafeUnwrap();
    expect(elsewhere.sessionSecret(id)).toEqual(secret);
    await elsewhere.close();
    expect(await readFile(path, "utf8")).not.toContain(Buffer.from(secret ?? []).toString("hex"));
    expect(keys.sessionSecret("key_0123456789abcdef")).toBeUndefined();
    expect((await revokeKey(path, id)).isOk()).toBe(true);
    await settle(async () => "refused" in (await ask(bearer)));
    expect(keys.sessionSecret(id)).toBeUndefined();
  });

  it("of all tenants admits all", async () => {
    const { ask, bearer } = await openedWith({ ...crm, tenants: "all" });
    expect(await ask(bearer)).toMatchObject({ tenants: "all" });
  });

  it("is found whatever the case of the scheme", async () => {
    const { ask, key, id } = await openedWith();
    for (const scheme of ["bearer", "BEARER", "Bearer "])
      expect(await ask(`${scheme} ${key}`)).toMatchObject({ caller: id });
  });

  it("is refused once it expires, also while the file does not change", async () => {
    const expiresAt = new Date(createManualClock().now().getTime() + 60_000);
    const { ask, bearer, id, clock } = await openedWith({ ...crm, expiresAt });
    expect(await ask(bearer)).toMatchObject({ caller: id });
    await clock.advance(60_000);
    expect(await ask(bearer)).toEqual({
      refused: "unauthenticated",
      detail: `This API key expired at ${expiresAt.toISOString()}.`,
      caller: id,
    });
  });

  it("is limited by itself, and its answers say so", async () => {
    const { ask, bearer, id, path, settle } = await openedWith({
      ...crm,
      rateLimit: { requestsPerSecond: 1, burst: 60 },
    });
    const { key: other } = (await createKey(path, crm))._unsafeUnwrap();
    await settle(async () => "tenants" in (await ask(`Bearer ${other}`)));
    for (let used = 1; used <= 60; used += 1) {
      const { headers } = (await ask(bearer)) as AccessGrant;
      expect(headers?.["ratelimit"]).toMatch(new RegExp(`^"default";r=${60 - used};t=\\d+$`));
    }
    expect(await ask(bearer)).toMatchObject({
      refused: "too-many-requests",
      retryAfterSeconds: expect.any(Number),
      caller: id,
      headers: { ratelimit: expect.stringContaining("r=0"), "ratelimit-policy": '"default";q=60;w=60' },
    });
    expect(await ask(`Bearer ${other}`)).toMatchObject({ tenants: new Set(["acme"]) });
    expect(((await ask(`Bearer ${other}`)) as AccessGrant).headers?.["ratelimit-policy"]).toBe(
      '"default";q=600000;w=60',
    );
  });
});

describe("a request is refused", () => {
  it.each([
    ["without a key", undefined, "The request has no API key."],
    ["with an empty header", "", "another scheme"],
    ["with the scheme alone", "Bearer", "The API key is not valid"],
    ["with Basic credentials", "Basic dXNlcjprZXk=", "another scheme"],
    ["with 10 KB", `Bearer ${"a".repeat(10_240)}`, "The API key is not valid"],
    ["with 10 KB of spaces", `Bearer${" ".repeat(10_240)}x`, "The API key is not valid"],
  ])("%s", async (_, authorization, words) => {
    const { ask } = await openedWith();
    expect(await ask(authorization)).toEqual({ refused: "unauthenticated", detail: expect.stringContaining(words) });
  });

  it("with a key of another server, of which four characters are a hint", async () => {
    const { ask } = await openedWith();
    const key = createApiKey();
    const detail = expect.stringContaining("may have been revoked");
    expect(await ask(`Bearer ${key}`)).toEqual({ refused: "unauthenticated", detail, callerHint: key.slice(4, 8) });
  });

  it("with two keys, with the key alone, with more than the key, and with the key in another case", async () => {
    const { ask, key } = await openedWith();
    const swapped = key.replace(/[a-z]/gi, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    for (const each of [
      `Bearer ${key}, Bearer ${key}`,
      key,
      `Bearer ${key}x`,
      `Bearer ${key} x`,
      `Bearer ${swapped}`,
    ]) {
      expect(await ask(each)).toMatchObject({ refused: "unauthenticated" });
    }
  });
});

const makePipe = (path: string) => execFileSync("mkfifo", ["-m", "600", path]);

it("refuses a pipe, and does not wait for it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "api-keys-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "keys.json");
  makePipe(path);
  const opened = await openApiKeys(path);
  expect(opened._unsafeUnwrapErr().reason).toBe("is not a regular file, and so cannot be read again");
});

describe("the file changes", () => {
  it("a new key counts, and a revoked one does not any more", async () => {
    const { path, ask, bearer, id, settle, reloads } = await openedWith();
    const next = (await createKey(path, crm))._unsafeUnwrap();
    await settle(async () => "tenants" in (await ask(`Bearer ${next.key}`)));
    expect(await ask(bearer)).toMatchObject({ caller: id });
    (await revokeKey(path, id))._unsafeUnwrap();
    await settle(async () => "refused" in (await ask(bearer)));
    expect(await ask(`Bearer ${next.key}`)).toMatchObject({ caller: next.id });
    const none = { added: [], revoked: [], changed: [] };
    expect(reloads).toEqual([
      [{ keys: 2 }, { ...none, added: [next.id] }],
      [{ keys: 1 }, { ...none, revoked: [id] }],
    ]);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"send"', '"read"'));
    await settle(() => reloads.length === 3);
    expect(reloads[2]).toEqual([{ keys: 1 }, { ...none, changed: [next.id] }]);
  });

  it("a key keeps its count when others change", async () => {
    const { path, ask, bearer, settle, reloads } = await openedWith();
    await ask(bearer);
    (await createKey(path, crm))._unsafeUnwrap();
    await settle(() => reloads.length === 1);
    expect(await ask(bearer)).toMatchObject({ headers: { ratelimit: expect.stringContaining("r=599998") } });
  });

  it.each([
    ["is missing", (path: string) => rm(path)],
    ["is empty", (path: string) => writeFile(path, "")],
    ["is half of itself", async (path: string) => writeFile(path, (await readFile(path, "utf8")).slice(0, 100))],
    ["is readable by everyone", (path: string) => chmod(path, 0o644)],
    ["is a folder", (path: string) => rm(path).then(() => mkdir(path))],
    ["is a pipe that nobody writes to", (path: string) => rm(path).then(() => makePipe(path))],
  ])("while it %s, the previous keys stay, with one error", async (_, damage) => {
    const { path, ask, bearer, id, settle, errors } = await openedWith();
    const text = await readFile(path, "utf8");
    await damage(path);
    await settle(() => errors.length === 1);
    expect(errors[0]).toMatch(/; the previous keys stay in effect$/);
    expect(await ask(bearer)).toMatchObject({ caller: id });
    await rm(path, { recursive: true, force: true });
    await writeFile(path, text.replace('"send"', '"read"'), { mode: 0o600 });
    await settle(async () => ((await ask(bearer)) as AccessGrant).scopes.includes("read"));
  });

  it("no keys: nobody is admitted", async () => {
    const { path, ask, bearer, settle } = await openedWith();
    await writeFile(path, '{"version":1,"keys":[]}');
    await settle(async () => "refused" in (await ask(bearer)));
  });
});

describe("the time of last use", () => {
  it("is stored when the server closes, and a refused request is no use", async () => {
    const { path, ask, key, bearer, keys, clock, id } = await openedWith();
    await ask(`Bearer ${key}x`);
    const usedAt = clock.now();
    await ask(bearer);
    await clock.advance(59_000);
    await ask(bearer);
    await keys.close();
    expect((await listKeys(path))._unsafeUnwrap()).toMatchObject([{ id, lastUsedAt: usedAt }]);
    expect(((await stat(`${path}.last-used`)).mode & 0o777).toString(8)).toBe("600");
  });

  it("is stored while the server runs, and moves on after a minute", async () => {
    const { path, ask, bearer, clock } = await openedWith();
    const lastUse = async () => (await listKeys(path))._unsafeUnwrap()[0]?.lastUsedAt;
    await ask(bearer);
    await expect.poll(lastUse).toEqual(clock.now());
    await clock.advance(60_000);
    await ask(bearer);
    await expect.poll(lastUse).toEqual(clock.now());
  });

  it("of keys that are gone is forgotten; an earlier one does not replace a later one", async () => {
    const { path, ask, bearer, keys, id } = await openedWith();
    const later = new Date("2999-01-01T00:00:00.000Z");
    await writeFile(`${path}.last-used`, JSON.stringify({ key_gone: later, [id]: later }));
    await ask(bearer);
    await keys.close();
    expect(JSON.parse(await readFile(`${path}.last-used`, "utf8"))).toEqual({ [id]: later.toISOString() });
  });

  it("that cannot be stored is reported once, and the key still admits", async () => {
    const { path, ask, bearer, keys, errors, clock, id } = await openedWith();
    await mkdir(`${path}.last-used`);
    expect(await ask(bearer)).toMatchObject({ caller: id });
    await expect
      .poll(() => errors)
      .toEqual([expect.stringContaining("the times of last use cannot be stored (EISDIR)")]);
    await clock.advance(60_000);
    expect(await ask(bearer)).toMatchObject({ caller: id });
    await keys.close();
    expect(errors).toHaveLength(1);
    expect(await readdir(join(path, ".."))).toEqual(["keys.json", "keys.json.last-used"]);
  });
});

it.each([
  [
    "missing",
    (path: string) => rm(path),
    /^cannot be read \(ENOENT\): `message-sender keys create` makes it, with a first key$/,
  ],
  ["readable by everyone", (path: string) => chmod(path, 0o604), /^it decides who may use the API .* run chmod 600$/],
  ["writable by everyone", (path: string) => chmod(path, 0o602), /^it decides who may use the API .* run chmod 600$/],
  ["not understood", (path: string) => writeFile(path, "{}"), /^version is not valid in a file of API keys$/],
])("a file that is %s cannot be opened", async (_, damage, reason) => {
  const { path } = await openedWith();
  await damage(path);
  expect((await openApiKeys(path))._unsafeUnwrapErr()).toEqual({
    kind: "ApiKeysFileInvalid",
    reason: expect.stringMatching(reason),
  });
});
