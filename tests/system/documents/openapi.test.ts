import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { startSandbox } from "@message-sender/emulator";
import { expect, it, onTestFinished } from "vitest";

import { wholeDocument } from "../../support/openapi/whole-document.ts";

const redocly = fileURLToPath(import.meta.resolve("@redocly/cli/bin/cli.js"));
const quiet = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };

/** What `redocly lint` finds, with its recommended rules. */
async function lint(document: object): Promise<{ totals: object; problems: readonly object[] }> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-openapi-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "openapi.json"), JSON.stringify(document));
  const args = [redocly, "lint", "openapi.json", "--extends=recommended", "--format=json"];
  const run = promisify(execFile)(process.execPath, args, { cwd: folder, env: quiet });
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
  return JSON.parse(stdout);
}

it("passes a public linter without an error or a warning", async () => {
  expect(await lint(await wholeDocument())).toMatchObject({ totals: { errors: 0, warnings: 0 }, problems: [] });
});

it("so does that of the emulator's control API", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const answer = await fetch(`${sandbox.graphUrl}/__emulator/openapi.json`);
  const document = (await answer.json()) as object;
  expect(await lint(document)).toMatchObject({ totals: { errors: 0, warnings: 0 }, problems: [] });
});

it("would not pass it with an example that its schema does not admit", async () => {
  const document = structuredClone(await wholeDocument()) as any;
  const { examples } = document.paths["/api/v1/messages/send"].post.responses["200"].content["application/json"];
  Object.assign(Object.values<object>(examples)[0] ?? {}, { value: { status: "lost" } });
  expect((await lint(document)).problems).not.toEqual([]);
});
