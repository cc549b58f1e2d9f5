import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const declarations = `
import { err, ok, okAsync, type Result, type ResultAsync } from "neverthrow";
declare function read(): Result<string, Error>;
declare function send(): ResultAsync<string, Error>;
declare const urgent: boolean;
`;

const dropped = [
  "read();",
  "ok(1);",
  "void read();",
  "send();",
  "await send();",
  "await send().map((text) => text.length);",
  "urgent && read();",
  "urgent ? err(1) : undefined;",
  "for (const each of [1, 2]) { okAsync(each); }",
  "export const later = async () => { await send(); };",
];

const looked = [
  "export const result = read();",
  "export const sent = await send();",
  "read()._unsafeUnwrap();",
  "await send().unwrapOr(undefined);",
  "await send().match(console.log, console.error);",
  "export const both = () => send();",
  "let kept = send(); kept = send();",
  "class Ok { readonly own = 1; } new Ok();",
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "message-sender-results-"));
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("every dropped result is reported, with its place", () => {
  writeProject(".", dropped);
  const { status, stderr, stdout } = check();
  expect({ stdout, status }).toEqual({ stdout: `${dropped.length} dropped results in 1 file\n`, status: 1 });
  const firstLine = declarations.split("\n").length;
  for (const index of dropped.keys()) expect(stderr).toContain(`main.ts:${firstLine + index}:`);
});

it("a result that is looked at is not reported", () => {
  writeProject(".", looked);
  expect(check()).toMatchObject({ stdout: "0 dropped results in 1 file\n", status: 0 });
});

it("the referenced projects are checked too", () => {
  writeProject(".", looked, ["part"]);
  writeProject("part", ["read();"]);
  expect(check()).toMatchObject({ stdout: "1 dropped result in 2 files\n", status: 1 });
});

it("a project without files is an error", () => {
  writeFileSync(join(folder, "tsconfig.json"), `{ "include": ["nothing"] }`);
  expect(check()).toMatchObject({ stdout: "0 dropped results in 0 files\n", status: 1 });
});

function writeProject(path: string, statements: readonly string[], references: readonly string[] = []) {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, "main.ts"), declarations + statements.join("\n"));
  writeFileSync(
    join(folder, path, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { strict: true, target: "es2024", module: "nodenext", types: ["node"] },
      files: ["main.ts"],
      references: references.map((reference) => ({ path: reference })),
    }),
  );
}

function check() {
  const script = join(import.meta.dirname, "dropped-results.ts");
  return spawnSync(process.execPath, [script, "tsconfig.json"], { cwd: folder, encoding: "utf8" });
}
