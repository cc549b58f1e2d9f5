import { expect, it } from "vitest";

import { callingCodeOf, hasTrunkZero, withCallingCodes } from "./local-number.ts";

it.each([
  ["+628123456789", "62"],
  ["+12025550101", "1"],
  ["+79161234567", "7"],
  ["+6591234567", "65"],
  ["+85291234567", "852"],
  ["+351912345678", "351"],
  ["US.1349", undefined],
])("the calling code of %s is %s", (to, code) => {
  expect(callingCodeOf(to)).toBe(code);
});

it.each([
  ["0812-345-0000", ["+628123450000", "+658123450000"]],
  ["(0812) 345 0000", ["+628123450000", "+658123450000"]],
  ["812 345 0000", ["+628123450000", "+658123450000"]],
  ["+62 812-345-0000", []],
  ["0062 812-345-0000", []],
  ["order-0812", []],
  ["12", []],
  ["", []],
])("%j may be %j", (typed, numbers) => {
  expect(withCallingCodes(typed, ["62", "65"])).toEqual(numbers);
});

it.each([
  ["0812-345-0000", true],
  [" (0812) 345 0000", true],
  ["812 345 0000", false],
  ["0062 812-345-0000", false],
  ["order-0812", false],
  ["0000", false],
])("%j has the zero that stands for the country code: %s", (typed, is) => {
  expect(hasTrunkZero(typed)).toBe(is);
});
