import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { runnableExamples, root } from "../../../tools/readmes/examples.ts";
import { usePostgres } from "../../support/postgres.ts";
import { typescriptConfig } from "./typescript-of-users.ts";

const run = promisify(execFile);
const examples = await runnableExamples();
const scripts = examples.filter(({ kind }) => kind === "script");

/** A user's project with the examples of READMEs and guides. It sees the packages as installed. */
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "readme-examples-"));
  await symlink(join(root, "node_modules"), join(project, "node_modules"));
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(project, "vitest.config.ts"), vitestConfig);
  await writeFile(join(project, "tsconfig.json"), JSON.stringify(typescriptConfig));
  for (const { name, text } of examples) await writeFile(join(project, `${name}.ts`), text);
});
afterAll(() => rm(project, { recursive: true }));

/** One worker imports everything once. A slow machine is not a fault. The packages are links, and not the project's sources. */
const vitestConfig = `export default {
  test: {
    isolate: false,
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    server: { deps: { external: [/\\/packages\\/[^/]+\\/dist\\//] } },
  },
};
`;
describe("the examples of READMEs and guides", () => {
  const postgres = usePostgres();

  it("compile under strict TypeScript", async () => {
    expect(inject("buildErrors")).toBe("");
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await run(process.execPath, [compiler, "-p", "."], { cwd: project }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
  });

  it("print what their comments say, if they are programs, and leave nothing running", async () => {
    await writeFile(join(project, "run-scripts.js"), runScripts(scripts.map(({ name }) => name)));
    const env = { ...process.env, DATABASE_URL: postgres.url };
    const { stdout, stderr } = await run(process.execPath, ["run-scripts.js"], { cwd: project, env });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(scripts.map(({ name, printed }) => [name, printed])));
  });

  it("pass if they are tests", async () => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const options = ["run", "--reporter=json", "--outputFile=report.json"];
    await run(process.execPath, [vitest, ...options], { cwd: project }).catch(() => undefined);
    const report = JSON.parse(await readFile(join(project, "report.json"), "utf8")) as {
      testResults: {
        name: string;
        status: string;
        message: string;
        assertionResults: { failureMessages: string[] }[];
      }[];
    };
    const results = report.testResults.map(({ name, status, message, assertionResults }) => {
      const failures = assertionResults.flatMap(({ failureMessages }) => failureMessages);
      return [basename(name, ".ts"), status === "passed" ? status : [message, ...failures].join("\n")] as const;
    });
    const tests = examples.filter(({ kind }) => kind === "test");
    expect(Object.fromEntries(results)).toEqual(Object.fromEntries(tests.map(({ name }) => [name, "passed"])));
  });
});

/** A program that runs scripts one after the other in one process, and prints what each has printed. */
function runScripts(names: readonly string[]): string {
  return `import { format } from "node:util";
const printed = {};
for (const name of ${JSON.stringify(names)}) {
  const lines = (printed[name] = []);
  console.log = (...values) => void lines.push(...format(...values).split("\\n"));
  await import(\`./\${name}.ts\`).catch((error) => lines.push(String(error?.stack)));
}
process.stdout.write(JSON.stringify(printed));
`;
}
