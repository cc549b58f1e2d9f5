import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { parseErrorRules } from "./error-rules-document.ts";
import { readErrorRules } from "./error-rules-file.ts";
import { graphErrorRule } from "./error-codes/error-table.ts";

const parse = (value: unknown) => parseErrorRules(JSON.stringify(value));

describe("rules for error codes", () => {
  it("define a code, with defaults from the table", () => {
    const rules = parse({
      131026: { class: "recipient", advice: "Call them." },
      131049: { class: "throttled", scope: "pair", wait_ms: 60_000, title: "not now" },
      130429: { class: "throttled" },
      131057: { class: "throttled", wait_ms: 5 },
      131000: { class: "transient", maybe_processed: false },
      131016: { class: "transient" },
      131047: { class: "template", concerns: "opt-out" },
      199_999: { class: "transient" },
    })._unsafeUnwrap();
    const [noPhone, window, maintenance] = [131026, 131047, 131057].map(graphErrorRule);
    expect(rules).toEqual({
      131026: { class: "recipient", title: noPhone?.title, advice: "Call them." },
      131049: expect.objectContaining({ class: "throttled", scope: "pair", waitMs: 60_000, title: "not now" }),
      130429: expect.objectContaining({ class: "throttled", scope: "number" }),
      131057: {
        class: "throttled",
        scope: "maintenance",
        waitMs: 5,
        title: maintenance?.title,
        advice: maintenance?.advice,
      },
      131000: expect.objectContaining({ class: "transient", maybeProcessed: false }),
      131016: expect.objectContaining({ class: "transient", maybeProcessed: true }),
      131047: { class: "template", title: window?.title, advice: window?.advice, concerns: "opt-out" },
      199999: expect.objectContaining({ class: "transient", maybeProcessed: true }),
    });
  });

  it("may be empty", () => {
    expect(parse({})._unsafeUnwrap()).toEqual({});
  });

  it.each([
    ["[]", "the file must be an object"],
    ["5", "the file must be an object"],
    ["", "is not JSON"],
    ['{"131026": }', "is not JSON"],
    ["131026: {class: recipient}", "is not JSON"],
    ['{"1":{"class":"request"},\n"1":{"class":"account"}}', "is not valid (DUPLICATE_KEY, line 2)"],
    ['{"x":{"class":"request"}}', "x is not an error code"],
    ['{"-1":{"class":"request"}}', "-1 is not an error code"],
    ['{"1":null}', "1 must be an object"],
    ['{"1":{}}', "1.class must be one of transient, throttled"],
    ['{"1":{"class":"protocol"}}', "1.class must be one of"],
    ['{"1":{"class":"request","scope":"pair"}}', "1.scope is not a setting of a rule of this class"],
    ['{"1":{"class":"throttled","scope":"tenant"}}', "1.scope must be one of app, account, number"],
    ['{"1":{"class":"throttled","wait_ms":-1}}', "1.wait_ms must be a whole number"],
    ['{"1":{"class":"throttled","wait_ms":300001}}', "1.wait_ms must be a whole number"],
    ['{"1":{"class":"transient","maybe_processed":"no"}}', "1.maybe_processed must be true or false"],
    ['{"1":{"class":"request","advice":7}}', "1.advice must be a text"],
    ['{"1":{"class":"request","title":""}}', "1.title must be a text"],
    ['{"1":{"class":"request","concerns":"all"}}', "1.concerns must be window or opt-out"],
    [String.raw`{"1":{"class":"request","title":"a\u0000b"}}`, "1.title must be a text"],
    [String.raw`{"1":{"class":"request","advice":"\u001b[2J"}}`, "1.advice must be a text"],
    [String.raw`{"1":{"class":"request","title":"\ud800"}}`, "1.title must be a text"],
    ['{"__proto__":{"class":"request"}}', "__proto__ is not an error code"],
  ])("%s: refused, naming the error", (text, reason) => {
    expect(parseErrorRules(text)._unsafeUnwrapErr()).toContain(reason);
  });

  it("are read from a file, and errors name it", async () => {
    const directory = await mkdtemp(join(tmpdir(), "error-rules-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, "rules.json");
    expect((await readErrorRules(path))._unsafeUnwrapErr().reason).toBe(`${path}: cannot be read (ENOENT)`);
    await writeFile(path, '{"1":{"class":"nonsense"}}');
    expect((await readErrorRules(path))._unsafeUnwrapErr().reason).toContain(`${path}: 1.class must be one of`);
    await writeFile(path, Buffer.from('{"1":{"class":"request","title":"caf\u00e9"}}', "latin1"));
    expect((await readErrorRules(path))._unsafeUnwrapErr().reason).toBe(`${path}: is not UTF-8`);
    await writeFile(path, '\ufeff{"1":{"class":"request"}}');
    expect((await readErrorRules(path)).isOk()).toBe(true);
    await writeFile(path, '{"1":{"class":"request"}}');
    expect((await readErrorRules(path))._unsafeUnwrap()).toMatchObject({ 1: { class: "request" } });
  });
});
