import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, it, onTestFinished } from "vitest";

import { bareEnvironment, sourceProgram } from "../../support/serve-process.ts";

const preload = `--import=${new URL("../../support/note-loaded.ts", import.meta.url).pathname}`;
const nowhere = "http://127.0.0.1:9";
const always = ["atomic-sleep", "commander", "neverthrow", "sonic-boom"];
const stores = ["@message-sender/postgres-adapter", "@message-sender/sqlite-adapter"];

it.each([
  ["its version", ["--version"], []],
  ["help", ["--help"], []],
  ["the help of a command", ["serve", "--help"], []],
  ["the settings", ["config"], ["zod"]],
  ["API keys", ["keys", "list"], ["zod"]],
  ["a migration of no store", ["migrate"], ["zod"]],
  ["a call of the server", ["list"], ["undici", "zod"]],
  ["the check of a file", ["bulk", import.meta.filename, "--format", "csv", "--check"], ["csv-parse", "undici", "zod"]],
])("the CLI loads only the packages that %s needs", async (_, args, packages) => {
  const loaded = await loadedBy(async (environment, folder) => {
    const env = { ...environment, MESSAGE_SENDER_URL: nowhere, API_KEYS_FILE: join(folder, "keys") };
    await promisify(execFile)(process.execPath, [preload, ...sourceProgram, ...args], { env }).catch(() => {});
  });
  expect(foreign(loaded)).toEqual([...always, ...packages].toSorted());
  expect(loaded).not.toContain("@message-sender/emulator");
});

it.each([
  ["memory:", []],
  ["sqlite:test.db", ["@message-sender/sqlite-adapter"]],
])(
  "a server on %s loads no other store, no emulator, and no parser of a file that it does not have",
  async (url, adapters) => {
    const loaded = await loadedBy(async (environment, cwd) => {
      const child = spawn(process.execPath, [preload, ...sourceProgram, "serve"], {
        cwd,
        env: { ...environment, PORT: "0", DATABASE_URL: url, TENANT_SERVICE_URL: nowhere },
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      let printed = "";
      child.stdout.on("data", (chunk) => (printed += String(chunk)));
      await expect.poll(() => printed).toContain("listening on");
      child.kill("SIGKILL");
      await once(child, "exit");
    });
    expect(loaded).toContain("hono");
    expect(loaded.filter((name) => stores.includes(name))).toEqual(adapters);
    for (const name of ["@message-sender/emulator", "pg", "yaml", "pino-pretty", "msw"])
      expect(loaded).not.toContain(name);
  },
);

/** The names of the packages that a process loaded. */
async function loadedBy(
  run: (environment: NodeJS.ProcessEnv, folder: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-loading-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "loaded");
  await run({ ...bareEnvironment, LOADED_FILE: file }, folder);
  const urls = (await readFile(file, "utf8")).split("\n");
  return [...new Set(urls.flatMap(packageOf))].toSorted();
}

function packageOf(url: string): readonly string[] {
  const [, installed] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  const [, own] = /\/packages\/([^/]+)\/src\//.exec(url) ?? [];
  return installed !== undefined ? [installed] : own !== undefined ? [`@message-sender/${own}`] : [];
}

function foreign(names: readonly string[]): readonly string[] {
  return names.filter((name) => !name.startsWith("@message-sender/"));
}
