import { describe, expect, it } from "vitest";

import { createApiKey, createKeyId, digestOf, shownPartOf } from "./api-key.ts";
import { encodeKeys, parseKeys, type StoredKey } from "./keys-document.ts";

function storedKey(change: Partial<StoredKey> = {}): StoredKey {
  const key = createApiKey();
  return {
    id: createKeyId(),
    name: "CRM",
    begins_with: shownPartOf(key),
    sha256: digestOf(key),
    tenants: ["acme", "other"],
    scopes: ["send", "read"],
    created_at: new Date("2026-01-02T03:04:05.678Z"),
    ...change,
  };
}

it("keys are read as they were written", () => {
  const keys = [
    storedKey(),
    storedKey({
      tenants: "all",
      scopes: ["send", "read", "admin", "metrics", "console"],
      expires_at: new Date("2027-01-01T00:00:00.000Z"),
      rate_limit: { requests_per_second: 10, burst: 20 },
    }),
  ];
  expect(parseKeys(encodeKeys(keys))._unsafeUnwrap()).toEqual(keys);
  expect(parseKeys(encodeKeys([]))._unsafeUnwrap()).toEqual([]);
});

describe("a file is refused, and none of it is shown", () => {
  const canary = "canary";
  const changed = (change: Record<string, unknown>) =>
    JSON.stringify({ version: 1, keys: [{ ...storedKey(), ...change }] });
  it.each([
    ["nothing", "", "is not a file of API keys"],
    ["no JSON", `{"keys": ${canary}`, "is not a file of API keys"],
    ["no object", "[]", "is not a file of API keys"],
    ["no keys", '{"version":1}', "keys is not valid"],
    ["another version", '{"version":2,"keys":[]}', "version is not valid"],
    ["an unknown setting", `{"version":1,"keys":[],"${canary}":1}`, "is not a file of API keys"],
    ["a key itself", changed({ sha256: createApiKey() }), "keys.0.sha256 is not valid"],
    ["a tenant that is no identifier", changed({ tenants: [`${canary}/..`] }), "keys.0.tenants.0 is not valid"],
    ["tenants as text", changed({ tenants: canary }), "keys.0.tenants is not valid"],
    ["no tenants", changed({ tenants: [] }), "keys.0.tenants is not valid"],
    ["an unknown scope", changed({ scopes: [canary] }), "keys.0.scopes.0 is not valid"],
    ["no scopes", changed({ scopes: [] }), "keys.0.scopes is not valid"],
    ["a time without a zone", changed({ expires_at: "2027-01-01T00:00:00" }), "keys.0.expires_at is not valid"],
    ["an unknown field", changed({ [canary]: 1 }), "keys.0 is not valid"],
    [
      "no limit",
      changed({ rate_limit: { requests_per_second: 0, burst: 1 } }),
      "keys.0.rate_limit.requests_per_second",
    ],
  ])("%s", (_, text, words) => {
    const reason = parseKeys(text)._unsafeUnwrapErr();
    expect(reason).toContain(words);
    expect(reason).not.toContain(canary);
  });

  it("one key twice, by its id or its digest", () => {
    const [one, other] = [storedKey(), storedKey()];
    for (const twice of [{ id: one.id }, { sha256: one.sha256 }]) {
      const text = encodeKeys([one, { ...other, ...twice }]);
      expect(parseKeys(text)._unsafeUnwrapErr()).toBe("has the same key more than once");
    }
  });
});
