import { expect, test } from "vitest";

import { createByteStore } from "./byte-store.ts";

const pattern = Uint8Array.from({ length: 251 }, (_, index) => index);
const bytes = (size: number) => Buffer.alloc(size, pattern);

test.each([0, 1, 256 * 1024, 256 * 1024 + 1, 3_000_000])("%i bytes come back, whole and in part", (size) => {
  const stored = createByteStore().of(bytes(size));
  expect(stored.size).toBe(size);
  expect(stored.read().equals(bytes(size))).toBe(true);
  expect(stored.read(10, 20).equals(bytes(size).subarray(10, 20))).toBe(true);
  stored.drop();
});

test("bytes that are written in pieces come back in order, from memory and from the disk", () => {
  const store = createByteStore();
  const whole = bytes(1_000_000);
  const writing = store.open();
  for (let at = 0; at < whole.length; at += 70_000) writing.write(whole.subarray(at, at + 70_000));
  const other = store.of(bytes(5));
  const stored = writing.end();
  expect(stored.read().equals(whole)).toBe(true);
  stored.drop();
  expect(() => stored.read(0, 1)).toThrow();
  expect(other.read().equals(bytes(5))).toBe(true);
});

test("what is written may change afterwards", () => {
  const chunk = new Uint8Array([1, 2, 3]);
  const stored = createByteStore().of(chunk);
  chunk.fill(0);
  expect([...stored.read()]).toEqual([1, 2, 3]);
});

test("many stores have one listener for the end of the process", () => {
  const before = process.listenerCount("exit");
  for (let count = 0; count < 20; count += 1) createByteStore().of(bytes(300_000)).drop();
  expect(process.listenerCount("exit") - before).toBeLessThanOrEqual(1);
});
