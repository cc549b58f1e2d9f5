import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";

import { Secret } from "./secret.ts";

const token = "EAAG-canary-8f2b";
const secret = new Secret(token);
/** For what the types would not let through. */
const loose = secret as unknown as string;

function printed(print: (console: Console) => void): string {
  let text = "";
  const stdout = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  print(new Console({ stdout, stderr: stdout }));
  return text;
}

describe("a secret", () => {
  it.each([
    ["JSON", () => JSON.stringify({ secret, list: [secret] })],
    ["String", () => String(secret)],
    ["a template", () => `${loose}`],
    ["concatenation", () => "" + loose],
    ["a join", () => [secret, secret].join(" ")],
    ["inspect", () => inspect({ deep: { secret } }, { depth: 9, showHidden: true, getters: true })],
    ["console.log", () => printed((console) => console.log("%s %o %j", secret, secret, secret, { secret }))],
    [
      "console.error of an error",
      () => printed((console) => console.error(new Error(`failed ${loose}`, { cause: secret }))),
    ],
    ["console.table", () => printed((console) => console.table([{ secret }]))],
    ["console.dir", () => printed((console) => console.dir(secret, { showHidden: true }))],
    ["a cause", () => inspect(new Error("failed", { cause: { credential: { accessToken: secret } } }), { depth: 9 })],
    ["an AggregateError", () => inspect(new AggregateError([new Error("x", { cause: secret })]), { depth: 9 })],
    ["a spread", () => JSON.stringify({ ...(secret as object) }) + inspect({ ...(secret as object) })],
    ["its entries", () => JSON.stringify([Object.entries(secret), Object.keys(secret), Reflect.ownKeys(secret)])],
    ["a structured clone", () => inspect(structuredClone({ secret }), { showHidden: true })],
    ["a locale's string", () => secret.toLocaleString()],
  ])("does not come out by %s", (_, print) => {
    const text = print();
    expect(text).not.toContain(token);
    expect(text).not.toContain("canary");
  });

  it("is returned by reveal", () => {
    expect(secret.reveal()).toBe(token);
  });

  it("is equal to one of the same value", () => {
    expect(secret.equals(new Secret(token))).toBe(true);
    expect(secret.equals(new Secret(`${token}x`))).toBe(false);
  });
});
