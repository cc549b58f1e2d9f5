import { expect, test } from "vitest";

import { countryOf } from "./calling-codes.ts";

test.each([
  ["628123456", "ID"],
  ["16505551234", "US"],
  ["14165551234", "CA"],
  ["18765551234", "JM"],
  ["5511999998888", "BR"],
  ["77011234567", "KZ"],
  ["79161234567", "RU"],
  ["3531234567", "IE"],
  ["999123", "US"],
  ["", "US"],
])("the country of %s is %s", (digits, country) => {
  expect(countryOf(digits)).toBe(country);
});
