// The program itself, not a library: only its tests call it so.
// oxlint-disable-next-line no-restricted-imports
import { createProgram } from "../../packages/cli/src/program.ts";
import { bareEnvironment } from "./serve-process.ts";

interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of the CLI as `runCommand` does, but in this process: a new process takes half a second to load the
 * CLI. What a command does with its process itself, such as `serve`, needs a process of its own. Commands run one after
 * another, because each has the environment and the outputs of the process to itself. A failed one rejects as
 * `runCommand` does, with `code`, `stdout` and `stderr`.
 */
export function runInProcess(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<CommandOutput> {
  const run = last.then(() => runAlone(args, environment));
  last = run.catch(() => {});
  return run;
}

async function runAlone(args: readonly string[], environment: Record<string, string>): Promise<CommandOutput> {
  const before = { env: process.env, exitCode: process.exitCode };
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  process.env = { ...bareEnvironment, ...environment };
  process.exitCode = undefined;
  let code: number;
  try {
    await createProgram().parseAsync(args, { from: "user" });
    code = Number(process.exitCode ?? 0);
  } catch (error) {
    const { code: reason, exitCode } = error as { code?: unknown; exitCode?: number };
    if (!String(reason).startsWith("commander.")) throw error;
    code = exitCode === 0 ? 0 : 2;
  } finally {
    process.env = before.env;
    process.exitCode = before.exitCode;
    stdout.restore();
    stderr.restore();
  }
  const output = { stdout: stdout.text(), stderr: stderr.text() };
  if (code !== 0) throw Object.assign(new Error(`exit code ${code}\n${output.stderr}`), { code, ...output });
  return output;
}

function capture(stream: NodeJS.WriteStream) {
  const { write } = stream;
  let text = "";
  stream.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  return { text: () => text, restore: () => void (stream.write = write) };
}
