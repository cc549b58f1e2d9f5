import { err, ok } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createKeysInUse } from "./keys-in-use.ts";

const key = { tenantId: "tenant-1", key: "order-42", fingerprint: "f1" };
const work = async () => ok("worked");

function hold(keys: ReturnType<typeof createKeysInUse>) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const holding = keys.withKey(key, async () => {
    await promise;
    return ok("held");
  });
  return { holding, end: resolve };
}

describe("a key in use", () => {
  it("allows no second call, and says why", async () => {
    const keys = createKeysInUse();
    const { holding, end } = hold(keys);
    const answers = [key, { ...key, fingerprint: "f2" }].map((other) => keys.withKey(other, work));
    expect((await Promise.all(answers)).map((answer) => answer._unsafeUnwrapErr())).toEqual([
      { kind: "InProgress", replayed: false },
      { kind: "KeyReused" },
    ]);
    end();
    expect(await holding).toEqual(ok("held"));
  });

  it("does not block another tenant's key, nor another key", async () => {
    const keys = createKeysInUse();
    const { holding, end } = hold(keys);
    for (const other of [{ ...key, tenantId: "tenant-2" }, { ...key, key: "order-43" }, undefined]) {
      expect(await keys.withKey(other, work)).toEqual(ok("worked"));
    }
    end();
    expect(await holding).toEqual(ok("held"));
  });

  it("is free again however the call ended", async () => {
    const keys = createKeysInUse();
    expect(await keys.withKey(key, async () => err("no"))).toEqual(err("no"));
    const thrown = keys.withKey(key, async () => {
      throw new Error("a defect");
    });
    await expect(thrown).rejects.toThrow("a defect");
    expect(await keys.withKey(key, work)).toEqual(ok("worked"));
  });
});
