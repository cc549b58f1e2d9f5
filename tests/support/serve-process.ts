import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

import type { Sandbox } from "@message-sender/emulator";
import { request } from "undici";
import { inject, onTestFinished } from "vitest";

import { checkAnswersOf } from "./openapi/checked-servers.ts";
import { quickStart } from "./quick-start.ts";
import { order, unpaced } from "./running-service.ts";

/** What Node is called with to run the command from its sources. */
export const sourceProgram = [
  "--conditions=@message-sender/source",
  new URL("../../packages/cli/src/main.ts", import.meta.url).pathname,
];

/** What Node is called with to run the command in a process that starts quickly. */
export const quickProgram = (): readonly string[] => [...quickStart, inject("program")];
const execute = promisify(execFile);

/** What a process of ours inherits: nothing of the tests' own settings, and where sources that were compiled once are kept. */
export const bareEnvironment = {
  PATH: process.env["PATH"],
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  DATABASE_URL: "memory:",
  ENV_FILE: "/dev/null",
};

export interface ServeProcess {
  readonly child: ChildProcess & { stdout: NodeJS.ReadableStream & { destroy(): void } };
  readonly url: string;
  /** Its output so far, on standard output and standard error. */
  printed(): string;
  stdout(): string;
  /** Resolves once it has ended and all its output was read. */
  readonly closed: Promise<unknown>;
}

/** The settings of a server that uses the services of a sandbox. */
export function settingsFor({ graphUrl, tenantUrl, conversationUrl }: Sandbox) {
  return { GRAPH_API_URL: graphUrl, TENANT_SERVICE_URL: tenantUrl, CONVERSATION_SERVICE_URL: conversationUrl };
}

/** Starts the real command in a process of its own, and waits until it listens. It is killed after the test. */
export function serve(
  args: readonly string[],
  environment: Record<string, string> = {},
  cwd?: string,
): Promise<ServeProcess> {
  return startServe(args, environment, { cwd, onStart: (child) => onTestFinished(() => void child.kill("SIGKILL")) });
}

interface StartOptions {
  readonly cwd?: string | undefined;
  /** Default: `serve`. */
  readonly command?: "serve" | "work";
  /** Default: `quickProgram`. */
  readonly program?: readonly string[];
  /** Gets the process before it listens, to end it later. */
  onStart(child: ChildProcess): void;
}

/** Starts the real command as `serve` does. The caller ends it. */
export async function startServe(
  args: readonly string[],
  environment: Record<string, string>,
  { cwd, command = "serve", program = quickProgram(), onStart }: StartOptions,
): Promise<ServeProcess> {
  const child = spawn(process.execPath, [...program, command, ...args], {
    env: { ...bareEnvironment, PORT: "0", ...unpaced, ...environment },
    ...(cwd !== undefined && { cwd }),
  });
  onStart(child);
  let printed = "";
  let stdout = "";
  const closed = once(child, "close");
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  const line = /\blistening on (http:\/\/[^\s"]+:\d+)\b.*$/m;
  while (!line.test(printed)) {
    if (child.exitCode !== null) throw new Error(printed);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const url = line.exec(printed)?.[1] ?? "";
  if (command === "serve") child.once("exit", checkAnswersOf(url));
  return { child, url, printed: () => printed, stdout: () => stdout, closed };
}

/** Starts `work` in a process of its own, and waits until it serves its health. It is killed after the test. */
export function startWork(environment: Record<string, string>): Promise<ServeProcess> {
  return startServe([], environment, {
    command: "work",
    onStart: (child) => onTestFinished(() => void child.kill("SIGKILL")),
  });
}

/** Runs a command of the CLI to its end. */
export function runCommand(args: readonly string[], environment: Record<string, string> = {}, cwd?: string) {
  return execute(process.execPath, [...quickProgram(), ...args], {
    env: { ...bareEnvironment, ...environment },
    ...(cwd !== undefined && { cwd }),
  });
}

/** Runs a command that can write no file of more than `kib` KiB, as on a disk that fills up. */
export function runOnFullDisk(kib: number, args: readonly string[]) {
  return execute("bash", ["-c", `ulimit -f ${kib}; exec "$@"`, "bash", process.execPath, ...quickProgram(), ...args], {
    env: { ...bareEnvironment, NODE_COMPILE_CACHE: undefined },
  });
}

export function post(url: string, headers: Record<string, string> = {}) {
  return request(`${url}/api/v1/messages/send`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(order),
  });
}

export async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}
