import { readFileSync } from "node:fs";

import { z } from "zod";

import { startSandbox } from "../sandbox/sandbox.ts";
import { help, parseCommand, UsageProblem } from "./parse-command.ts";
import { welcome } from "./welcome.ts";

/** A usage problem ends the program with 2, any other with 1. */
try {
  const command = parseCommand(process.argv.slice(2), process.stdout.isTTY);
  if ("help" in command) process.stdout.write(help);
  else if ("version" in command) process.stdout.write(`${versionOf()}\n`);
  else {
    const sandbox = await startSandbox(command.options);
    const end = () => void sandbox.close();
    process.once("SIGTERM", end).once("SIGINT", end);
    if (command.samples) await sandbox.loadSamples();
    process.stdout.write(welcome(sandbox));
  }
} catch (cause) {
  process.stderr.write(`message-sender-emulator: ${reasonOf(cause)}\n`);
  process.exitCode = cause instanceof UsageProblem ? 2 : 1;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return z.prettifyError(cause);
  if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE" && "port" in cause) {
    return `port ${String(cause.port)} is in use by another process`;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
