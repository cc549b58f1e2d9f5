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

/** What `redocly lint` finds in each document, with its recommended rules. One process reads all of them. */
async function lint(
  ...documents: readonly object[]
): Promise<readonly { totals: object; problems: readonly object[] }[]> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-openapi-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names = documents.map((_, index) => `${index}.json`);
  for (const [index, name] of names.entries()) await writeFile(join(folder, name), JSON.stringify(documents[index]));
  const args = [redocly, "lint", ...names, "--extends=recommended", "--format=json"];
  const run = promisify(execFile)(process.execPath, args, { cwd: folder, env: quiet });
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
  // It prints one JSON text right after another.
  return stdout.split(/(?<=^\})(?=\{$)/m).map((text) => JSON.parse(text));
}

it("a public linter finds nothing in the documents of the API and of the emulator, and would find a wrong example", async () => {
  const api = await wholeDocument();
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const answer = await fetch(`${sandbox.graphUrl}/__emulator/openapi.json`);
  const emulator = (await answer.json()) as object;

  const wrong = structuredClone(api) as any;
  const { examples } = wrong.paths["/api/v1/messages/send"].post.responses["200"].content["application/json"];
  Object.assign(Object.values<object>(examples)[0] ?? {}, { value: { status: "lost" } });

  const [ofApi, ofEmulator, ofWrong] = await lint(api, emulator, wrong);
  const nothing = { totals: { errors: 0, warnings: 0 }, problems: [] };
  expect([ofApi, ofEmulator]).toMatchObject([nothing, nothing]);
  const wrongExample = expect.objectContaining({ ruleId: "no-invalid-media-type-examples" });
  expect(ofWrong?.problems).toContainEqual(wrongExample);
});
