import { describe, expect, it } from "vitest";

import { mediaTypeOf, mediaTypes, plainFilename } from "./media-types.ts";

describe("the type of a file", () => {
  it("is known for each MIME type and each extension that WhatsApp accepts", () => {
    for (const [mimeType, { extensions }] of Object.entries(mediaTypes)) {
      expect(mediaTypeOf(mimeType)?.mimeType).toBe(mimeType);
      for (const extension of extensions) {
        expect(mediaTypeOf("application/octet-stream", `a.b.${extension.toUpperCase()}`)?.mimeType).toBe(mimeType);
      }
    }
  });

  it.each([
    ["audio/ogg; codecs=opus", undefined, "audio/ogg"],
    ["IMAGE/JPEG", "a.png", "image/jpeg"],
    ["image/jpg", "a.jpg", "image/jpeg"],
    [undefined, "a.pdf", "application/pdf"],
    ["", "a.pdf", "application/pdf"],
  ])("of %s and %s is %s", (mimeType, filename, expected) => {
    expect(mediaTypeOf(mimeType, filename)?.mimeType).toBe(expected);
  });

  it.each([
    ["image/gif", "a.png"],
    ["__proto__", undefined],
    ["constructor", undefined],
    ["audio/opus", "a.opus"],
    ["application/octet-stream", "a.exe"],
    ["application/octet-stream", "pdf"],
    [undefined, "constructor"],
    [undefined, undefined],
  ])("of %s and %s is none", (mimeType, filename) => {
    expect(mediaTypeOf(mimeType, filename)).toBeUndefined();
  });
});

describe("a plain file name", () => {
  const pdf = { use: "document", largestBytes: 1, extensions: ["pdf"] } as const;

  it.each([
    ["Grüße 👋 (1).pdf", "Grüße 👋 (1).pdf"],
    ["../../etc/x.pdf", "x.pdf"],
    ["C:\\temp\\x.pdf", "x.pdf"],
    ['a"\r\nX-Evil: 1.pdf', "aX-Evil: 1.pdf"],
    ["a\u0000b\u202Efdp.pdf", "abfdp.pdf"],
    [" ", "file.pdf"],
    ["..", "file.pdf"],
    [undefined, "file.pdf"],
    [`${"x".repeat(300)}.pdf`, `${"x".repeat(196)}.pdf`],
  ])("of %j is %j", (given, expected) => {
    expect(plainFilename(given, pdf)).toBe(expected);
  });
});
