import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Clock, isSameCredential } from "@message-sender/core/adapter";
import { expect, onTestFinished, test } from "vitest";

import { openTenantsFile } from "./tenants-file.ts";

const document = (token: string, limit = 10) =>
  JSON.stringify({
    tenants: {
      t1: {
        quota: { limit, period: "month" },
        outlets: { o1: { waba_access_token: token, phone_number_id: "1065" } },
      },
    },
  });

const outlet = { tenantId: "t1", outletId: "o1" };

/** A clock whose sleeper wakes on demand. A step without a sleeper is kept for the next sleep. */
function createStepClock(): Clock & { step(): void } {
  let wake: (() => void) | undefined;
  let owed = false;
  return {
    now: () => new Date(0),
    monotonicMs: () => 0,
    async sleep(_, woken) {
      const stepped = new Promise<void>((resolve) => (wake = resolve));
      if (owed) wake?.();
      owed = false;
      await Promise.race([stepped, woken]);
      wake = undefined;
    },
    step() {
      owed = wake === undefined;
      wake?.();
    },
  };
}

async function opened(text: string) {
  const folder = await mkdtemp(join(tmpdir(), "tenants-file-"));
  const path = join(folder, "tenants.yaml");
  await writeFile(path, text, { mode: 0o600 });
  const clock = createStepClock();
  const errors: string[] = [];
  const reloads: unknown[] = [];
  const onError = (reason: string) => errors.push(reason);
  const onReload = (counts: unknown) => reloads.push(counts);
  const file = (await openTenantsFile(path, { clock, onError, onReload }))._unsafeUnwrap();
  onTestFinished(async () => {
    await file.close();
    await rm(folder, { recursive: true });
  });
  const token = async () => (await file.credentials.lookup(outlet))._unsafeUnwrap().accessToken.reveal();
  return { path, clock, errors, reloads, file, token };
}

test("provides credentials and limits, and reports unknown ones", async () => {
  const { file, token } = await opened(document("EAA1"));
  expect(await token()).toBe("EAA1");
  expect(file.limitOf("t1")).toEqual({ limit: 10, period: "month" });
  expect(file.limitOf("toString")).toBeUndefined();
  for (const other of [
    { tenantId: "t2", outletId: "o1" },
    { tenantId: "t1", outletId: "o2" },
  ]) {
    expect((await file.credentials.lookup(other))._unsafeUnwrapErr()).toEqual({ kind: "OutletUnknown" });
  }
});

test("a changed file is reloaded, written in place or replaced", async () => {
  const { path, clock, file, token, reloads } = await opened(document("EAA1"));
  expect(reloads).toEqual([]);
  await writeFile(path, document("EAA2", 20));
  clock.step();
  await expect.poll(token).toBe("EAA2");
  expect(file.limitOf("t1")?.limit).toBe(20);
  await writeFile(`${path}.new`, document("EAA3"), { mode: 0o600 });
  await rename(`${path}.new`, path);
  clock.step();
  await expect.poll(token).toBe("EAA3");
  expect(reloads).toEqual([
    { tenants: 1, outlets: 1 },
    { tenants: 1, outlets: 1 },
  ]);
});

test("an invalid change is reported once, and the old content stays in effect", async () => {
  const { path, clock, errors, token } = await opened(document("EAA1"));
  await writeFile(path, document("s3cr3t s3cr3t"));
  clock.step();
  await expect.poll(() => errors.length).toBe(1);
  clock.step();
  expect(await token()).toBe("EAA1");
  expect(errors[0]).toContain(path);
  expect(errors[0]).toContain("tenants.t1.outlets.o1.waba_access_token");
  expect(errors[0]).not.toContain("s3cr3t");
  await rm(path);
  clock.step();
  await expect.poll(() => errors.length).toBe(2);
  expect(errors[1]).toContain("ENOENT");
  await writeFile(path, document("EAA2"), { mode: 0o600 });
  clock.step();
  await expect.poll(token).toBe("EAA2");
});

test("a refused credential is not returned again; the file is checked at once", async () => {
  const { path, file } = await opened(document("EAA1"));
  const refused = (await file.credentials.lookup(outlet))._unsafeUnwrap();
  expect((await file.credentials.lookup(outlet, refused))._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
  await writeFile(path, document("EAA2"));
  const other = (await file.credentials.lookup(outlet, refused))._unsafeUnwrap();
  expect(isSameCredential(other, refused)).toBe(false);
});

test("a missing or world-readable file is refused by name", async () => {
  const { path } = await opened(document("s3cr3t"));
  const missing = (await openTenantsFile(`${path}.none`))._unsafeUnwrapErr();
  expect(missing).toEqual({ kind: "TenantsFileInvalid", reason: `${path}.none: cannot be read (ENOENT)` });
  await chmod(path, 0o644);
  const open = (await openTenantsFile(path))._unsafeUnwrapErr();
  expect(open.reason).toContain(path);
  expect(open.reason).toContain("readable by everyone");
  expect(open.reason).not.toContain("s3cr3t");
});

test("close stops watching at once", async () => {
  const { file } = await opened(document("EAA1"));
  await file.close();
  await file.close();
});
