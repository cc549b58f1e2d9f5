import { expect, it } from "vitest";

import { createApiKey, createKeyId, digestOf, hintOf, isApiKey, shownPartOf } from "./api-key.ts";

it("a key is a prefix, 43 random characters and a checksum of 6", () => {
  const keys = Array.from({ length: 1000 }, createApiKey);
  expect(new Set(keys).size).toBe(1000);
  for (const key of keys) {
    expect(key).toMatch(/^msk_[0-9A-Za-z]{49}$/);
    expect(isApiKey(key)).toBe(true);
  }
  // Each of the characters occurs, at each place but the first one, which 256 bits do not fill.
  const seen = Array.from({ length: 42 }, (_, at) => new Set(keys.map((key) => key[at + 5])));
  expect(Math.min(...seen.map(({ size }) => size))).toBeGreaterThan(55);
});

it("the checksum tells a key from what looks like one", () => {
  const key = createApiKey();
  for (let at = 4; at < key.length; at += 1) {
    const other = key[at] === "a" ? "b" : "a";
    expect(isApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
  }
  for (const text of ["", "msk_", key.slice(0, -1), `${key}a`, ` ${key}`, `${key}\n`, key.toUpperCase()]) {
    expect(isApiKey(text)).toBe(false);
  }
});

it("a digest is the SHA-256 of the whole key", () => {
  expect(digestOf("msk_")).toBe("42e84dddad17d696680d3c4264bd0547dc77988901de5f8550d5474ec9015273");
});

it("what is shown of a key leaves 232 bits to guess", () => {
  expect(shownPartOf(createApiKey())).toMatch(/^msk_[0-9A-Za-z]{4}$/);
});

it("what the log may say of a key is no key, and what may be another secret is not said", () => {
  const key = createApiKey();
  expect(hintOf(key)).toBe(key.slice(4, 8));
  expect(hintOf(key.slice(0, 20))).toBe(key.slice(4, 8));
  for (const text of [
    "",
    key.slice(0, 19),
    `x${key}`,
    `sk_${key}`,
    "msk_hunter2!",
    "msk_correct-horse-battery-staple",
  ]) {
    expect(hintOf(text), text).toBeUndefined();
  }
});

it("an id is no part of a key", () => {
  expect(createKeyId()).toMatch(/^key_[0-9a-f]{16}$/);
});
