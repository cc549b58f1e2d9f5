import { expect, it } from "vitest";

import { bytesOfWamid } from "./wamid-bytes.ts";

it("reads what is in base64 in a WhatsApp id, byte by byte", () => {
  // An id that Meta's documentation shows.
  const meta = "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBJCOTY3NDc0NDFDRUI3NTA0Q0UA";
  expect(bytesOfWamid(meta)).toBe("\x1c\x18\x0b16503879439\x15\x02\x00\x11\x18\x12B96747441CEB7504CE\x00");
});

it.each(["", "\x00", "\xff\xfe\xfb", "ab", "abc", "abcd", "\x3f\xff\xbf\xff"])(
  "decodes %j in both alphabets",
  (bytes) => {
    const text = btoa(bytes);
    const inUrl = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    for (const form of [text, inUrl]) expect(bytesOfWamid(`wamid.${form}`)).toBe(bytes);
  },
);

it("ends at the first character that is not base64", () => {
  expect(["wamid.YWJj YWJj", "wamid.", "no id at all", "ü"].map(bytesOfWamid)).toEqual(["abc", "", "\x9e", ""]);
});
