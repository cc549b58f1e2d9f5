import { expect, it } from "vitest";

import { envFileOf, parseEnvFile } from "./env-file.ts";

const parse = (text: string) => parseEnvFile(Buffer.from(text));

it.each([
  ["A=1\nB=2\n", { A: "1", B: "2" }],
  ["A=1", { A: "1" }],
  ["", {}],
  ["# a comment\n\n  \nexport A = x # why\n", { A: "x" }],
  ['A="two\nlines" # why\nB=\n', { A: "two\nlines", B: "" }],
  ["A='# kept'\r\nB=`it's`\r\n", { A: "# kept", B: "it's" }],
  ["A=postgres://u:p@h/d?x=y\n", { A: "postgres://u:p@h/d?x=y" }],
  ["A=1\nA=2\n", { A: "2" }],
  ["A= # why\nB='pass#word'\nC=x\t# why", { A: "", B: "pass#word", C: "x" }],
  ["\uFEFFA=1\n", { A: "1" }],
])("reads %j", (text, variables) => {
  expect(parse(text)._unsafeUnwrap()).toEqual(variables);
});

const neither = (line: number) =>
  `has a line ${line} that is neither NAME=value nor a comment; a value with # or quotes in it must be in quotes`;

it.each([
  ["A=1\nsecret\n", neither(2)],
  ["A=1\n\nA B=secret\n", neither(3)],
  ["=secret", neither(1)],
  ['A="secret\nB=1\n', neither(1)],
  ["A='secret' more\n", neither(1)],
  ["A=pass#secret\n", neither(1)],
  ["B=1\nA=#secret", neither(2)],
  ["A=\0", "has a NUL character"],
])("refuses %j without showing a value", (text, reason) => {
  expect(parse(text)._unsafeUnwrapErr()).toBe(reason);
});

it("refuses what is not UTF-8", () => {
  expect(parseEnvFile(Buffer.from([0x41, 0x3d, 0xff]))._unsafeUnwrapErr()).toBe("is not UTF-8");
});

it.each([
  [undefined, {}, { path: ".env", isNamed: false }],
  [undefined, { ENV_FILE: " " }, { path: ".env", isNamed: false }],
  [undefined, { ENV_FILE: "prod.env" }, { path: "prod.env", isNamed: true }],
  ["other.env", { ENV_FILE: "prod.env" }, { path: "other.env", isNamed: true }],
])("the option %j with the environment %j names %j", (option, environment, file) => {
  expect(envFileOf(option, environment)).toEqual(file);
});
