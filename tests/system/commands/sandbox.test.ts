import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { bareEnvironment, quickProgram, runCommand } from "../../support/serve-process.ts";

it("the sandbox says which of its three ports is taken, and by which option they are chosen", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const ended = await runCommand(["sandbox", "--port", String(port)]).catch((error: unknown) => error);
  const stderr = `--port: ${port} is in use by another process, and three ports from ${port} on are needed\n`;
  expect(ended).toMatchObject({ code: 1, stderr });
});

it("a server with the lines that the sandbox prints has all its services, and its callbacks are taken", async () => {
  const sandbox = spawn(process.execPath, [...quickProgram(), "sandbox", "--no-samples"], { env: bareEnvironment });
  onTestFinished(() => void sandbox.kill("SIGKILL"));
  let printed = "";
  sandbox.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  await expect.poll(() => printed, { timeout: 60_000 }).toMatch(/^Control API .*\n/m);
  const exported = [...printed.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name = "", value = ""]) => [name, value]);
  const settings = Object.fromEntries(exported) as Record<string, string>;
  const { stdout } = await runInProcess(["doctor"], settings);
  expect(stdout).toContain(`ok    WhatsApp at ${settings["GRAPH_API_URL"]}\n`);
  expect(stdout).toContain(`ok    Tenant Service at ${settings["TENANT_SERVICE_URL"]}\n`);
  expect(stdout).toContain(`ok    Conversation Service at ${settings["CONVERSATION_SERVICE_URL"]}\n`);
  expect(stdout).toContain(`ok    receiver of status callbacks at ${settings["STATUS_CALLBACK_URL"]}\n`);
});
