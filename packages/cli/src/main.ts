import { createLogOutput, endProcess, exitCode, isInvalidOption, printable } from "@message-sender/server/process";
import "./no-inspector.ts";

import { CommanderError } from "commander";

import { createProgram } from "./program.ts";

const stderrLimitMs = 500;

/** Ends the process once it is said that the output could not be written. */
let lostOutput: Promise<never> | undefined;

// A server does not write to `process.stdout`, and keeps running when its reader is gone.
const isServer = process.argv[2] === "serve" || process.argv[2] === "work";
if (!isServer) {
  // `message-sender … | head` closes the pipe before everything is written.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCode.ok);
    lostOutput ??= report(error).then(() => process.exit(exitCode.failed));
  });
}

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCode.ok : exitCode.usage);
  await report(error);
  process.exitCode = isInvalidOption(error) ? exitCode.usage : exitCode.failed;
}
// Leftovers of a command, such as a pending timer, must not keep the process alive, but its output must be written first.
if (!isServer) await new Promise<unknown>((resolve) => process.stdout.write("", resolve));
await lostOutput;
endProcess(Number(process.exitCode ?? exitCode.ok));

async function report(error: unknown): Promise<void> {
  const stderr = createLogOutput({ fd: 2 });
  stderr.write(`message-sender: ${printable(error instanceof Error ? error.message : String(error))}\n`);
  await stderr.close(stderrLimitMs);
}
