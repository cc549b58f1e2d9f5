import { printable, withoutInvisible } from "@message-sender/server/process";

/** Prints facts on standard output, as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${withoutInvisible(JSON.stringify(value, null, 2))}\n`);
}

/** Prints a line on standard output. */
export function printLine(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** Says on standard error what went wrong. */
export function printProblem(problem: string): void {
  process.stderr.write(`${printable(problem)}\n`);
}
