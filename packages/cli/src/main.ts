import { createLogOutput, endProcess, exitCode, printable } from "@message-sender/server/process";
import "./no-inspector.ts";

import { CommanderError } from "commander";

import { createProgram } from "./program.ts";

const lastWordsLimitMs = 500;

// A server does not write to `process.stdout`, and goes on when its reader is gone.
const isServer = process.argv[2] === "serve";
if (!isServer) {
  // `message-sender … | head` closes the pipe before we are done with it.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exitCode.ok);
  });
}

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCode.ok : exitCode.usage);
  const stderr = createLogOutput({ fd: 2 });
  stderr.write(`message-sender: ${printable(error instanceof Error ? error.message : String(error))}\n`);
  await stderr.close(lastWordsLimitMs);
  process.exitCode = exitCode.failed;
}
// What is left of a command, such as a wait that was cut short, must not keep it alive; but what it printed is to arrive.
if (!isServer) await new Promise<unknown>((resolve) => process.stdout.write("", resolve));
endProcess(Number(process.exitCode ?? exitCode.ok));
