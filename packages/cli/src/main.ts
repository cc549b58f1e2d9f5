import { CommanderError } from "commander";

import { exitCode } from "./exit-code.ts";
import { createProgram } from "./program.ts";

// `message-sender … | head` closes the pipe before we are done with it. A server goes on without its reader.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  if (process.argv[2] !== "serve") process.exit(exitCode.ok);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCode.ok : exitCode.usage);
  process.stderr.write(`message-sender: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCode.failed;
}
// What is left of a command, such as a wait that was cut short, must not keep it alive.
process.exit();
