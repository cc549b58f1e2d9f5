import { expect, test } from "vitest";

import { traceIdOf, userIdOf, wamidOf } from "./graph-ids.ts";

test("a wamid has the structure of Meta's", () => {
  const real = Buffer.from("HBgLMTY1MDM4Nzk0MzkVAgARGBJCOTY3NDc0NDFDRUI3NTA0Q0UA", "base64").toString("latin1");
  const wamid = wamidOf("16503879439", 1);
  expect(wamid).toMatch(/^wamid\.[A-Za-z0-9+/]+=*$/);
  const ours = Buffer.from(wamid.slice("wamid.".length), "base64").toString("latin1");
  expect(ours).toHaveLength(real.length);
  expect(ours.slice(0, 20)).toBe(real.slice(0, 20));
  expect(ours.at(-1)).toBe(real.at(-1));
});

test("ids are distinct for distinct counts, and the same for the same count", () => {
  const counts = Array.from({ length: 20_000 }, (_, count) => count);
  expect(new Set(counts.map((count) => wamidOf("628123", count))).size).toBe(counts.length);
  expect(new Set(counts.map(traceIdOf)).size).toBe(counts.length);
  expect(wamidOf("628123", 7)).toBe(wamidOf("628123", 7));
});

test("a person has one user id per business", () => {
  expect(userIdOf("1", "628123")).toBe(userIdOf("1", "628123"));
  expect(userIdOf("1", "628123")).not.toBe(userIdOf("2", "628123"));
  expect(userIdOf("1", "628123")).toMatch(/^ID\.[0-9]{20}$/);
});
