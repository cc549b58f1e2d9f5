import { expect, it } from "vitest";

import { duration, roughDuration } from "./duration.ts";

it.each([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [1000, "1 s"],
  [59_949, "59.9 s"],
  [59_999, "1 min"],
  [61_000, "1 min 1 s"],
  [3_599_900, "1 h"],
  [11_520_000, "3 h 12 min"],
  [187_200_000, "2 d 4 h"],
  [-5, "0 ms"],
])("%d milliseconds are %s", (ms, text) => expect(duration(ms)).toBe(text));

it.each([
  [319.6, "320 ms"],
  [4_240, "4.2 s"],
  [119_000, "119 s"],
  [192_000, "3 min"],
  [7_300_000, "2 h"],
  [432_000_000, "5 d"],
])("%d milliseconds are roughly %s", (ms, text) => expect(roughDuration(ms)).toBe(text));
