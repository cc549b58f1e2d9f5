import { describe, expect, it } from "vitest";

import { perValue } from "./labels.ts";

describe("perValue", () => {
  it("creates one for each value, and only once", () => {
    const created: string[] = [];
    const of = perValue((label) => created.push(label));
    expect([
      of("CredentialRefused"),
      of("cut off"),
      of("CredentialRefused"),
      of("/api/v1/messages/:messageId"),
    ]).toEqual([1, 2, 1, 3]);
    expect(created).toEqual(["credential_refused", "cut_off", "/api/v1/messages/:messageId"]);
  });

  it("shares one for all values beyond its limit", () => {
    const created: string[] = [];
    const of = perValue((label) => created.push(label), 2);
    for (const value of ["a", "b", "c", "d", "a"]) of(value);
    expect(created).toEqual(["a", "b", "other"]);
  });
});
