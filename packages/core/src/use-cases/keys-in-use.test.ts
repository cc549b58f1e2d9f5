import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createKeysInUse } from "./keys-in-use.ts";

const key = { tenantId: "tenant-1", key: "order-42", fingerprint: "f1" };

function hold(keys: ReturnType<typeof createKeysInUse>) {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { result: keys.within(key, () => ResultAsync.fromSafePromise(promise)), end: () => resolve("done") };
}

describe("a key in use", () => {
  it("lets nobody else work under it, and says why", async () => {
    const keys = createKeysInUse();
    const holder = hold(keys);
    const answers = [key, { ...key, fingerprint: "f2" }].map((other) => keys.within(other, () => okAsync("worked")));
    expect((await Promise.all(answers)).map((answer) => answer._unsafeUnwrapErr())).toEqual([
      { kind: "InProgress", replayed: false },
      { kind: "KeyReused" },
    ]);
    holder.end();
    expect((await holder.result)._unsafeUnwrap()).toBe("done");
  });

  it("is not another tenant's, nor another", async () => {
    const keys = createKeysInUse();
    const holder = hold(keys);
    for (const other of [{ ...key, tenantId: "tenant-2" }, { ...key, key: "order-43" }, undefined]) {
      expect((await keys.within(other, () => okAsync("worked")))._unsafeUnwrap()).toBe("worked");
    }
    holder.end();
    expect((await holder.result).isOk()).toBe(true);
  });

  it("is free again however the work ended", async () => {
    const keys = createKeysInUse();
    expect((await keys.within(key, () => errAsync("no")))._unsafeUnwrapErr()).toBe("no");
    expect((await keys.within(key, () => okAsync("worked")))._unsafeUnwrap()).toBe("worked");
  });
});
