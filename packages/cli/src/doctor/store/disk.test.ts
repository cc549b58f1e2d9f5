import { expect, it } from "vitest";

import { checkDisk, shortageOf, sizeText } from "./disk.ts";

it("says how much room the disk has, and warns if that is little, or less than an erasure needs", () => {
  expect(checkDisk(68_100_000_000, 4_000_000)).toEqual({
    name: "disk of the store: 68.1 GB free",
    problem: undefined,
  });
  expect(checkDisk(499_999_999, 0)).toMatchObject({ problem: "only 500.0 MB free", isWarning: true });
  expect(checkDisk(3_000_000_000, 4_000_000_000)).toMatchObject({
    problem: "3.0 GB free: an erasure, which rewrites the file, cannot succeed",
    advice: "make room for a second copy of the file, of 4.0 GB",
    isWarning: true,
  });
});

it("calls a disk full that has less than 1 MiB", () => {
  expect(shortageOf(1_048_576)).toBeUndefined();
  expect(shortageOf(1_048_575)).toBe("has no room: its disk is full (1.0 MB free)");
  expect(shortageOf(0)).toBe("has no room: its disk is full (0 bytes free)");
});

it.each([
  [999, "999 bytes"],
  [1000, "1 kB"],
  [999_999, "1000 kB"],
  [1_000_000, "1.0 MB"],
  [2_500_000_000_000_000, "2500.0 TB"],
])("%i bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
