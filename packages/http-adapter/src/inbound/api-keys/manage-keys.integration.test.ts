import { chmod, chown, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { digestOf, isApiKey } from "./api-key.ts";
import { createKey, listKeys, type NewApiKey, revokeKey } from "./manage-keys.ts";

const crm: NewApiKey = { name: "CRM", tenants: ["acme"], scopes: ["send"] };

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "api-keys-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const inFolder = async () => join(await emptyFolder(), "keys.json");
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

it("the first key makes the file, which only its owner can read, and which has no key in it", async () => {
  const path = await inFolder();
  const { id, key } = (await createKey(path, crm))._unsafeUnwrap();
  expect(isApiKey(key)).toBe(true);
  expect(await modeOf(path)).toBe("600");
  const text = await readFile(path, "utf8");
  expect(text).not.toContain(key.slice(8));
  expect(text).toContain(digestOf(key));
  expect((await listKeys(path))._unsafeUnwrap()).toEqual([
    { ...crm, id, beginsWith: key.slice(0, 8), createdAt: expect.any(Date) },
  ]);
});

it("everything that is said of a key is kept", async () => {
  const path = await inFolder();
  const full: NewApiKey = {
    name: "All of it",
    tenants: "all",
    scopes: ["read", "metrics"],
    expiresAt: new Date("2030-01-01T00:00:00.000Z"),
    rateLimit: { requestsPerSecond: 5, burst: 10 },
  };
  (await createKey(path, full))._unsafeUnwrap();
  expect((await listKeys(path))._unsafeUnwrap()).toMatchObject([full]);
});

it("a revoked key is gone, and the others stay", async () => {
  const path = await inFolder();
  const one = (await createKey(path, crm))._unsafeUnwrap();
  const other = (await createKey(path, { ...crm, name: "the next one" }))._unsafeUnwrap();
  expect((await revokeKey(path, one.id))._unsafeUnwrap()).toBe(true);
  expect((await revokeKey(path, one.id))._unsafeUnwrap()).toBe(false);
  expect((await listKeys(path))._unsafeUnwrap().map(({ id }) => id)).toEqual([other.id]);
});

it("a key that does not exist is revoked without a trace", async () => {
  const path = await inFolder();
  expect((await revokeKey(path, "key_0000000000000000"))._unsafeUnwrap()).toBe(false);
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

it("of many changes at once none is lost, and nothing else is left in the folder", async () => {
  const folder = await emptyFolder();
  const path = join(folder, "keys.json");
  const created = await Promise.all(Array.from({ length: 20 }, (_, at) => createKey(path, { ...crm, name: `${at}` })));
  const ids = created.map((each) => each._unsafeUnwrap().id);
  await Promise.all(ids.slice(0, 10).map((id) => revokeKey(path, id)));
  const left = (await listKeys(path))._unsafeUnwrap().map(({ id }) => id);
  expect(left.toSorted()).toEqual(ids.slice(10).toSorted());
  expect(await readdir(folder)).toEqual(["keys.json"]);
});

it("a command that was killed leaves its lock, and the next one says so", async () => {
  const path = await inFolder();
  await writeFile(`${path}.new`, "");
  const { reason } = (await createKey(path, crm))._unsafeUnwrapErr();
  expect(reason).toMatch(/keys\.json\.new: another command .* delete this file$/);
  expect(await readFile(`${path}.new`, "utf8")).toBe("");
});

it("a link to the file stays a link", async () => {
  const folder = await emptyFolder();
  const [path, link] = [join(folder, "keys.json"), join(folder, "link.json")];
  (await createKey(path, crm))._unsafeUnwrap();
  await symlink(path, link);
  (await createKey(link, crm))._unsafeUnwrap();
  expect(await readlink(link)).toBe(path);
  expect((await listKeys(path))._unsafeUnwrap()).toHaveLength(2);
});

it("the file keeps its owner and mode", async () => {
  const path = await inFolder();
  (await createKey(path, crm))._unsafeUnwrap();
  await chmod(path, 0o640);
  // Only root can give a file away. For others it stays theirs anyway.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(path, 4711, 4712);
  const before = await stat(path);
  (await createKey(path, crm))._unsafeUnwrap();
  const { uid, gid, ino } = await stat(path);
  expect(ino).not.toBe(before.ino);
  expect([uid, gid, await modeOf(path)]).toEqual([before.uid, before.gid, "640"]);
});

it.each([0o644, 0o602])("a file of mode %o is refused", async (mode) => {
  const path = await inFolder();
  (await createKey(path, crm))._unsafeUnwrap();
  const before = await readFile(path, "utf8");
  await chmod(path, mode);
  for (const result of [await createKey(path, crm), await revokeKey(path, "key_x"), await listKeys(path)]) {
    expect(result._unsafeUnwrapErr()).toEqual({
      kind: "ApiKeysFileInvalid",
      reason: expect.stringMatching(/^it decides .*accessible to everyone; run chmod 600$/),
    });
  }
  expect(await readFile(path, "utf8")).toBe(before);
});

it("a file that is not understood is not replaced", async () => {
  const path = await inFolder();
  await writeFile(path, "{}", { mode: 0o600 });
  expect((await createKey(path, crm))._unsafeUnwrapErr().reason).toContain("not valid");
  expect(await readFile(path, "utf8")).toBe("{}");
});

it("a folder that does not exist is named", async () => {
  const path = join(await emptyFolder(), "none", "keys.json");
  expect((await createKey(path, crm))._unsafeUnwrapErr().reason).toContain(
    "none/keys.json.new: cannot be written (ENOENT)",
  );
  expect((await listKeys(path))._unsafeUnwrapErr().reason).toContain(
    "cannot be read (ENOENT): `message-sender keys create`",
  );
});

it.each([
  ["name", { name: "" }],
  ["tenants.0", { tenants: ["a/b"] }],
  ["tenants", { tenants: [] }],
  ["scopes", { scopes: [] }],
  ["rate_limit.burst", { rateLimit: { requestsPerSecond: 1, burst: 0.5 } }],
])("a key with an invalid %s is not created", async (setting, change) => {
  const path = await inFolder();
  const before = (await createKey(path, crm))._unsafeUnwrap();
  const { reason } = (await createKey(path, { ...crm, ...change }))._unsafeUnwrapErr();
  expect(reason).toBe(`the change is not possible: keys.1.${setting} is not valid in a file of API keys`);
  expect((await listKeys(path))._unsafeUnwrap()).toMatchObject([{ id: before.id }]);
});
