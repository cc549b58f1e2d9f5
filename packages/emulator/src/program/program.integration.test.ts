import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, onTestFinished, test } from "vitest";

import { connectSandbox } from "../client/connect-sandbox.ts";

const execute = promisify(execFile);
const main = fileURLToPath(new URL("main.ts", import.meta.url));
const tls = fileURLToPath(new URL("../../test/tls/", import.meta.url));

function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    ended: ended.then((code) => ({ code, output })),
    /** The URL of WhatsApp, once everything is printed. */
    async url(): Promise<string> {
      await expect.poll(() => output).toContain("receiver of callbacks");
      return /emulated at (\S+)/.exec(output)?.[1] ?? "";
    },
    output: () => output,
    end: () => child.kill("SIGTERM"),
  };
}

async function fileOf(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "emulator-options-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "options.json");
  await writeFile(path, content);
  return path;
}

test("starts with options, says where it is, and ends with the signal", async () => {
  const options = await fileOf('{"limits": {"window": true}, "webhooks": {"statuses": ["sent"]}}');
  const program = run("--port", "0", "--options", options, "--webhook-url", "http://127.0.0.1:1", "--app-secret", "s");
  const url = await program.url();
  const sandbox = await connectSandbox(url);
  expect((await sandbox.customer("+628123456789").says("Hi")).message?.text).toBe("Hi");
  const shown = await (await fetch(`${url}/__emulator/options`)).json();
  expect(shown).toMatchObject({
    limits: { window: true },
    webhooks: { url: "http://127.0.0.1:1", statuses: ["sent"] },
  });
  program.end();
  expect((await program.ended).code).toBe(0);
});

test("starts with samples, and its commands do what they say as they are printed", async () => {
  const program = run("--port", "0", "--samples");
  const url = await program.url();
  const sandbox = await connectSandbox(url);
  expect((await sandbox.messages({ to: "12025550143" })).length).toBeGreaterThan(1);
  const commands = program.output().match(/^ {2}curl (?:.*\\\n)*.*$/gm) ?? [];
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    const { stdout } = await execute("bash", ["-c", command.replace("curl", "curl -sS --fail-with-body")]);
    expect(JSON.parse(stdout), command).toBeDefined();
  }
  expect((await sandbox.waitForMessage({ to: "628123456789" })).text).toBe("Hello!");
  expect(await sandbox.messages({ direction: "in", to: "628123456789" })).toMatchObject([{ text: "Hi" }]);
});

test("speaks https with a certificate", async () => {
  const url = await run("--port", "0", "--tls-cert", `${tls}cert.pem`, "--tls-key", `${tls}key.pem`).url();
  expect(url).toMatch(/^https:/);
  const status = await new Promise((resolve, reject) => {
    request(`${url}/__emulator/clock`, { rejectUnauthorized: false }, (answer) => resolve(answer.resume().statusCode))
      .once("error", reject)
      .end();
  });
  expect(status).toBe(200);
});

test.each([
  [["--help"], 0, /^Usage: message-sender-emulator/],
  [["--version"], 0, /^\d+\.\d+\.\d+\n$/],
  [["--moon"], 2, /--moon/],
  [["--port", "0", "--webhook-url", "moon", "--app-secret", "s"], 1, /url/],
])("%j ends it with %i", async (args, code, output) => {
  expect(await run(...args).ended).toEqual({ code, output: expect.stringMatching(output) });
});
