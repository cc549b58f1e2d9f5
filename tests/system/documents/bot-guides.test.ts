import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";

import { root } from "../../../tools/readmes/examples.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { runShell } from "../../support/shell.ts";

const guide = await openDocument("docs/test-a-bot.md");
const tour = await openDocument("docs/fault-tour.md");
const run = promisify(execFile);

async function start(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
}

it("the test in Python passes, where there is Python", async ({ skip }) => {
  const program = guide.block("python", "test_bot.py");
  const hasPython = await run("python3", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!hasPython) skip();
  const folder = await mkdtemp(join(tmpdir(), "test-a-bot-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "test_bot.py"), program);
  const { graphUrl } = await start();
  const env = { ...process.env, WHATSAPP_URL: graphUrl };
  const { stderr } = await run("python3", ["-m", "unittest", "test_bot.py"], { cwd: folder, env });
  expect(stderr).toMatch(/Ran 1 test[\s\S]*OK/);
});

it("the commands with curl write, wait, list and reset", async () => {
  const sandbox = await start();
  const printed = await runShell(guide.block("sh", "wait/message"), { WHATSAPP: sandbox.graphUrl });
  expect(printed.match(/"text":"Your order is ready\."/g)).toHaveLength(2);
  expect(await sandbox.messages()).toEqual([]);
});

it("the steps of CI start the emulator as it is called, and run the test of the guide", async () => {
  const { steps } = parse(guide.block("yaml", "steps:")) as { steps: { run?: string }[] };
  const commands = steps.map((step) => step.run ?? "").join("\n");
  const { name } = JSON.parse(await readFile(join(root, "packages/emulator/package.json"), "utf8")) as { name: string };
  expect(commands).toContain(`npx --yes ${name} --port 4500`);
  expect(commands).toContain("/__emulator/clock");
  expect(commands).toContain("test_bot.py");
});

it("the container starts the program with options that it has", async () => {
  const program = join(root, "packages/emulator/bin/message-sender-emulator.js");
  const { stdout: help } = await run(process.execPath, [program, "--help"]);
  const compose = parse(await readFile(join(root, "packages/emulator/docker/compose.yaml"), "utf8")) as {
    services: { whatsapp: { command: string[] } };
  };
  const file = await readFile(join(root, "packages/emulator/docker/Dockerfile"), "utf8");
  const [, entry = "[]"] = /^ENTRYPOINT (\[.*\])$/m.exec(file) ?? [];
  const [, command = "[]"] = /^CMD (\[.*\])$/m.exec(file) ?? [];
  const words = [
    ...(JSON.parse(entry) as string[]),
    ...(JSON.parse(command) as string[]),
    ...compose.services.whatsapp.command,
  ];
  for (const option of words.filter((word) => word.startsWith("--"))) expect(help).toContain(`  ${option} `);
});

it("each fault and each setting of the tour is accepted", async () => {
  const { graphUrl } = await start();
  const bodies = [...tour.text.matchAll(/`(\{.*?\})`/g)].map(([, body = ""]) => body);
  expect(bodies.length).toBeGreaterThan(20);
  for (const body of bodies) {
    const parsed = JSON.parse(body) as object;
    const path = "target" in parsed ? "faults" : "wabaId" in parsed ? "webhooks/raw" : settingsPath(parsed);
    const method = path === "faults" || path === "webhooks/raw" || path === "clock" ? "POST" : "PUT";
    const { status } = await fetch(`${graphUrl}/__emulator/${path}`, { method, body });
    expect(status, `${method} ${path} ${body}`).toBeLessThan(300);
  }
});

function settingsPath(body: object): string {
  if ("advanceMs" in body) return "clock";
  return "window" in body ? "limits" : "webhooks";
}

it("each of their code blocks is run", () => {
  expect(guide.untested()).toEqual([]);
  expect(tour.untested()).toEqual([]);
});
