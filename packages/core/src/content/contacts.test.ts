import { describe, expect, it } from "vitest";

import { changed, full, problemsIn } from "../../test/contents.ts";

const ann = { name: { formatted_name: "Ann" } };
const many = (count: number) => Array.from({ length: count }, () => ann);
const pointers = (object: unknown) => problemsIn("contacts", object).map(([where]) => where);

describe("contacts", () => {
  it("are 1 to 257", () => {
    expect(pointers(many(257))).toEqual([]);
    expect(problemsIn("contacts", many(258))).toEqual([["", "has more than 257 entries"]]);
    expect(problemsIn("contacts", [])).toEqual([["", "is empty"]]);
  });

  it.each([
    ["0/name", undefined],
    ["0/name/formatted_name", undefined],
    ["0/name/formatted_name", " "],
    ["0/name/first_name", 5],
    ["0/birthday", "18.08.2012"],
    ["0/birthday", "2012-13-01"],
    ["0/birthday", "2012-02-30"],
    ["0/phones", {}],
    ["0/phones/0/phone", 16505551234],
    ["0/phones/0/wa_id", "1\u0000"],
    ["0/emails/0/email", false],
    ["0/addresses/0/zip", 94025],
    ["0/org/title", []],
    ["0/urls/0/url", 5],
    ["0/urls/0", "https://example.com"],
  ])("have problems that point at the field: %s %j", (pointer, value) => {
    expect(pointers(changed(full.contacts, pointer, value))).toEqual([pointer]);
  });
});
