import { describe, expect, it } from "vitest";

import { hasBackslashInKey } from "./backslash-key.ts";

describe("a backslash in a key", () => {
  it.each([
    String.raw`{"\\":1}`,
    String.raw`{"a":{"b\\n" :1}}`,
    String.raw`[{"\"\\":1}]`,
    String.raw`{"a\u005c":1}`,
    String.raw`{"a\u005C"${"\n\t"}:1}`,
    String.raw`{"a\\":`,
    String.raw`}]"","\\":`,
  ])("is found: %s", (json) => {
    expect(hasBackslashInKey(json)).toBe(true);
  });

  it.each([
    "",
    '"',
    String.raw`"\\`,
    String.raw`{"a":"\\"}`,
    String.raw`{"a":"\\\":"}`,
    String.raw`{"a\"\n\u005d":1}`,
    String.raw`["\\","a:"]`,
    String.raw`{"a\"":"\\:","b":"\\"}`,
  ])("is not found: %s", (json) => {
    expect(hasBackslashInKey(json)).toBe(false);
  });

  it("is looked for in one pass", () => {
    expect(hasBackslashInKey(`{"a":"${String.raw`\"\\`.repeat(300_000)}"}`)).toBe(false);
    expect(hasBackslashInKey(`${'"\\\\"'.repeat(200_000)}${" ".repeat(200_000)}`)).toBe(false);
  });
});
