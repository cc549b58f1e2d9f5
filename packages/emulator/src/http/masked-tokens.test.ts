import { describe, expect, it, test } from "vitest";

import { createServices } from "../sandbox/services.ts";
import { withMaskedTokens } from "./masked-tokens.ts";

const json = "application/json";
const form = "application/x-www-form-urlencoded";

/** The request as Graph records it. */
async function recorded(type: string, body: string) {
  const { graph } = createServices({});
  const init = { method: "POST", headers: { "content-type": type }, body };
  await graph.app.request("/v25.0/123/messages", init, {});
  const [entry] = graph.log.entries();
  if (!entry) throw new Error("Graph recorded no request.");
  return entry;
}

const masked = async (type: string, body: string) => withMaskedTokens(await recorded(type, body));

const link = "see https://x.example/?a=1&access_token=abcdefgh and more";

describe("a text without a token is kept byte for byte", () => {
  it.each([
    ["JSON", json, JSON.stringify({ text: { body: link } }, undefined, 2)],
    ["a list", json, JSON.stringify([link, "access_token", "abcdefgh"])],
    ["a JSON text", json, JSON.stringify(link)],
    ["JSON with the type of a form", form, ` ${JSON.stringify({ text: { body: link } })}`],
    ["JSON in JSON", json, JSON.stringify({ text: JSON.stringify({ access_token: "abcdefgh" }) })],
    ["a token that is no text", json, '{"access_token": 123456, "b": {"access_token": [1.0]}}'],
    ["JSON that was cut off", json, `{"text": ${JSON.stringify(link)}, "image`],
    ["JSON that ends in an escape", json, String.raw`{"text": "&access_token=abcdefgh\ `.trimEnd()],
    ["a form", form, new URLSearchParams({ text: JSON.stringify({ body: link }) }).toString()],
    ["a form with odd pairs", form, "&&a&=b&access_token&my_access_token=abcdefgh&%zz=%&c=access_token=abcdefgh"],
    ["plain text", "text/plain", 'He said "access_token": "abcdefgh"'],
  ])("%s", async (_, type, raw) => {
    const record = await recorded(type, raw);
    expect(record.rawBody).toBe(raw);
    expect(withMaskedTokens(record)).toEqual(record);
  });

  it("in the log of another service", () => {
    const raw = JSON.stringify({ data: { text: link } });
    const record = { at: 0, method: "POST", path: "/callbacks", headers: {}, body: JSON.parse(raw), rawBody: raw };
    expect(withMaskedTokens(record)).toEqual(record);
  });
});

describe("a token in JSON is masked, and the rest is kept", () => {
  it.each([
    [
      "with an escape in the name",
      String.raw`{"access\u005ftoken" : "EAAsecret",  "a": 1.0}`,
      String.raw`{"access\u005ftoken" : "EAAs…",  "a": 1.0}`,
    ],
    ["with an escape in the value", String.raw`{"access_token": "\u0045AAsecret"}`, '{"access_token": "EAAs…"}'],
    [
      "with quotes and ends of lines",
      String.raw`{"access_token": "\"\\\n\tsecret"}`,
      String.raw`{"access_token": "\"\\\n\t…"}`,
    ],
    [
      "twice",
      '{"access_token": "EAAsecret", "access_token":"EAAsecret"}',
      '{"access_token": "EAAs…", "access_token":"EAAs…"}',
    ],
    ["deep in it", '[{"a": {"access_token": "EAAsecret"}}]', '[{"a": {"access_token": "EAAs…"}}]'],
    ["after a link", `{"a": "${link}", "access_token": "EAAsecret"}`, `{"a": "${link}", "access_token": "EAAs…"}`],
  ])("%s", async (_, raw, shown) => {
    const { rawBody = "", body } = await masked(json, raw);
    expect(rawBody).toBe(shown);
    expect(JSON.parse(rawBody)).toEqual(body);
  });

  it("that was cut off within the token", async () => {
    const { rawBody, body } = await masked(json, '{"access_token": "EAAsecret');
    expect([rawBody, body]).toEqual(['{"access_token": "EAAs…', '{"access_token": "EAAs…']);
  });

  it("that is not well-formed", async () => {
    const { rawBody } = await masked(json, String.raw`{"\x": 1, "access_token": "EAAsecret\x", }`);
    expect(rawBody).toBe(String.raw`{"\x": 1, "access_token": "EAAs…", }`);
  });
});

describe("a token in a form is masked, and the rest is kept", () => {
  it.each([
    ["with an encoded name", "a=%7e&access%5Ftoken=EAAsecret&b=+", "a=%7e&access%5Ftoken=EAAs…&b=+"],
    ["with an encoded value", "access_token=%45%41%41secret", "access_token=EAAs…"],
    ["with a value that stays encoded", "access_token=%26%25secret", "access_token=%26%25se…"],
    ["with a character of two units in the middle", "access_token=EAA%F0%9F%98%80secret", "access_token=EAA%EF%BF%BD…"],
    ["after a question mark", "?access_token=EAAsecret", "?access_token=EAAs…"],
    ["twice", "access_token=EAAsecret&access_token=EAAsecret", "access_token=EAAs…&access_token=EAAs…"],
    ["in a form that begins like JSON", "[a]=1&access_token=EAAsecret", "[a]=1&access_token=EAAs…"],
  ])("%s", async (_, raw, shown) => {
    const { rawBody = "", body } = await masked(form, raw);
    expect(rawBody).toBe(shown);
    expect(Object.fromEntries(new URLSearchParams(rawBody))).toEqual(body);
  });

  it("that has no type", async () => {
    const { rawBody, body } = await masked("text/plain", "a=1&access%5Ftoken=EAAsecret");
    expect([rawBody, body]).toEqual(["a=1&access%5Ftoken=EAAs…", "a=1&access%5Ftoken=EAAs…"]);
  });
});

test("a token before millions of escapes is masked", async () => {
  const text = String.raw`\"`.repeat(5_000_000);
  const { rawBody } = await masked(json, `{"access_token": "EAAsecret", "text": "${text}"}`);
  expect(rawBody === `{"access_token": "EAAs…", "text": "${text}"}`).toBe(true);
});

test("a token in the header is masked though the scheme is absent", () => {
  const shown = (authorization: string) =>
    withMaskedTokens({ at: 0, method: "GET", path: "/", headers: { authorization } }).headers["authorization"];
  expect(shown("EAAsecret")).toBe("EAAs…");
  expect(shown("Bearer EAAsecret")).toBe("Bearer EAAs…");
  expect(shown("bearer  EAAsecret ")).toBe("bearer  EAAs…");
});
