import { expect, it } from "vitest";

import { formAnswer } from "./form-answer.ts";
import { isSameOrigin } from "./same-origin.ts";

const own = "http://127.0.0.1:4500";

it.each<[string, Record<string, string>, boolean]>([
  ["a page of this origin", { origin: own, "sec-fetch-site": "same-origin" }, true],
  ["a browser without Sec-Fetch-Site", { origin: own }, true],
  ["a program", {}, true],
  [
    "a page of this origin behind a proxy that ends TLS",
    { origin: "https://own.example", "sec-fetch-site": "same-origin" },
    true,
  ],
  ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, false],
  ["another port of this machine", { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-site" }, false],
  ["the same host by another scheme", { origin: "https://127.0.0.1:4500" }, false],
  ["a sandboxed frame", { origin: "null" }, false],
  ["another site that hides its origin", { "sec-fetch-site": "cross-site" }, false],
  ["an old browser without Origin", { referer: "https://evil.example/" }, false],
])("%s", (_, headers, expected) => {
  expect(isSameOrigin(new Headers(headers), own)).toBe(expected);
});

it("goes on where the form was, or where it leads", () => {
  expect(formAnswer(new Headers(), "/?chat=1", { says: "Sent." }).headers.get("location")).toBe("/?chat=1");
  expect(formAnswer(new Headers(), "/", { says: "Sent.", go: "/new" }).headers.get("location")).toBe("/new");
});

it("says what was wrong, to a person and to the script", async () => {
  const refused = { status: 409, says: "<b>Not verified.</b>" };
  const page = formAnswer(new Headers({ accept: "text/html" }), "/", refused);
  expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([
    409,
    "text/plain; charset=utf-8",
    refused.says,
  ]);
  const script = formAnswer(new Headers({ accept: "application/json" }), "/", refused);
  expect([script.status, await script.json()]).toEqual([409, { says: refused.says }]);
});
