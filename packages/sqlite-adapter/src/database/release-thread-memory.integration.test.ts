import { afterEach, beforeEach, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../../test/store-file.ts";
import { openStoreInThisThread } from "../../test/store-in-this-thread.ts";

let file: StoreFile;

beforeEach(() => {
  file = storeFile(openStoreInThisThread);
});

afterEach(() => file.remove());

it("a store frees what the thread of its database no longer needs, between two batches", async () => {
  const { releaseMemory, health } = await file.open();
  const left = leaveBehind();
  const before = health.check();
  releaseMemory();
  await valueOf(before);
  await valueOf(health.check());
  expect(left.deref()).toBe(undefined);
});

function leaveBehind(): WeakRef<object> {
  return new WeakRef(Array.from({ length: 1000 }, () => ({})));
}
