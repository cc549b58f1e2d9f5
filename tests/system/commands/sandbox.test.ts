import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { bareEnvironment, quickProgram, runCommand } from "../../support/serve-process.ts";

it("the sandbox says which of its four ports is taken, and by which option they are chosen", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const ended = await runCommand(["sandbox", "--port", String(port)]).catch((error: unknown) => error);
  const stderr = `--port: ${port} is in use by another process, and four ports from ${port} on are needed\n`;
  expect(ended).toMatchObject({ code: 1, stderr });
});

/** Starts the sandbox, and resolves with the settings that it prints. If it ends instead, it rejects with what it says. */
async function startSandboxCommand(...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const command = [...quickProgram(), "sandbox", "--no-samples", ...args];
  const child = spawn(process.execPath, command, { env: bareEnvironment });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await new Promise<void>((resolve, reject) => {
    child.once("close", () => reject(new Error(stderr)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (/^Control API .*\n/m.test(stdout)) resolve();
    });
  });
  return Object.fromEntries(
    [...stdout.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** Starts the sandbox on a port and the next three. Tries the next four ports while one is taken. */
async function startOnFourFreePorts(
  from: number,
): Promise<{ readonly port: number; readonly settings: Readonly<Record<string, string>> }> {
  try {
    return { port: from, settings: await startSandboxCommand("--port", String(from)) };
  } catch (error) {
    if (!String(error).includes("in use by another process")) throw error;
    return startOnFourFreePorts(from + 4);
  }
}

it("the sandbox takes the port that it is given, and the next three", async () => {
  const { port, settings } = await startOnFourFreePorts(20_000 + (process.pid % 5000));
  const variables = ["GRAPH_API_URL", "TENANT_SERVICE_URL", "CONVERSATION_SERVICE_URL", "STATUS_CALLBACK_URL"];
  const ports = variables.map((name) => Number(new URL(settings[name] ?? "").port));
  expect(ports).toEqual([port, port + 1, port + 2, port + 3]);
});

it("a server with the lines that the sandbox prints has all its services, and its callbacks are taken", async () => {
  const settings = await startSandboxCommand();
  const { stdout } = await runInProcess(["doctor"], settings);
  expect(stdout).toContain(`ok    WhatsApp at ${settings["GRAPH_API_URL"]}\n`);
  expect(stdout).toContain(`ok    Tenant Service at ${settings["TENANT_SERVICE_URL"]}\n`);
  expect(stdout).toContain(`ok    Conversation Service at ${settings["CONVERSATION_SERVICE_URL"]}\n`);
  expect(stdout).toContain(`ok    receiver of status callbacks at ${settings["STATUS_CALLBACK_URL"]}\n`);
});
