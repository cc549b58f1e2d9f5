import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readmeExamples, root } from "../../../tools/readmes/examples.ts";
import { usePostgres } from "../../support/postgres.ts";

const run = promisify(execFile);
const sources = "--conditions=@message-sender/source";
const examples = await readmeExamples();

/** A user's project with the examples of the READMEs. It sees the packages as installed. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "readme-examples-"));
  await symlink(join(root, "node_modules"), join(project, "node_modules"));
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(project, "vitest.config.ts"), `export default ${JSON.stringify(vitestConfig)};\n`);
  await writeFile(join(project, "tsconfig.json"), JSON.stringify(typescriptConfig));
  for (const { name, text } of examples) await writeFile(join(project, `${name}.ts`), text);
});
afterAll(() => rm(project, { recursive: true }));

const vitestConfig = { ssr: { resolve: { conditions: ["@message-sender/source"] } } };
const typescriptConfig = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: { composite: false, noEmit: true, declaration: false, declarationMap: false, tsBuildInfoFile: null },
  include: ["*.ts"],
};

describe("the examples of the READMEs", () => {
  const postgres = usePostgres();

  it("compile under strict TypeScript", async () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await run(process.execPath, [compiler, "-p", "."], { cwd: project }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
  });

  it.each(examples.filter(({ kind }) => kind === "script"))(
    "$name prints what its comments say",
    async ({ name, printed }) => {
      const env = { ...process.env, DATABASE_URL: postgres.url };
      const { stdout, stderr } = await run(process.execPath, [sources, `${name}.ts`], { cwd: project, env });
      expect(stderr).toBe("");
      expect(stdout.trimEnd().split("\n")).toEqual(printed);
    },
  );

  it("pass if they are tests", async () => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    await run(process.execPath, [vitest, "run", "--reporter=json", "--outputFile=report.json"], { cwd: project });
    const report = JSON.parse(await readFile(join(project, "report.json"), "utf8")) as {
      testResults: { name: string; status: string }[];
    };
    const results = new Map(report.testResults.map(({ name, status }) => [basename(name, ".ts"), status]));
    for (const { name } of examples.filter(({ kind }) => kind === "test"))
      expect(results.get(name), name).toBe("passed");
  });
});
