import type { NoSingleMessage } from "./find-message-id.ts";
import { printable, withoutInvisible } from "@message-sender/server/process";

/** Prints a value on standard output, as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${withoutInvisible(JSON.stringify(value, null, 2))}\n`);
}

/** Prints a line on standard output. */
export function printLine(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** Prints an error on standard error. */
export function printProblem(problem: string): void {
  process.stderr.write(`${printable(problem)}\n`);
}

/** Prints on standard error why no single message was found. Returns the exit code. */
export function printNoSingleMessage({ lines, exitCode }: NoSingleMessage): number {
  for (const line of lines) printProblem(line);
  return exitCode;
}
