import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { dirname, join } from "node:path";

import { root } from "../readmes/examples.ts";
import { eventually } from "./expect.ts";

const execute = promisify(execFile);

/** A terminal: a working folder, and the variables that were exported in it. */
export interface Terminal {
  readonly folder: string;
  /** Where the command is installed. Default: in the same folder. */
  readonly project?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Running {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  printed(): string;
}

/**
 * Runs a script as a document shows it, and gives what it printed on standard output. Of the environment it has the way to Node, npm
 * and the system's programs: no setting of ours.
 */
export async function run(script: string, terminal: Terminal): Promise<string> {
  try {
    const { stdout } = await execute("bash", ["-ec", script], { ...options(terminal), timeout: 600_000 });
    return stdout;
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    throw new Error(`Expected: this ends with exit code 0\n${script}\nFound: ${code}\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** Starts a program that goes on, and waits until it prints a line. Gives the line's match too. */
export async function start(
  script: string,
  terminal: Terminal,
  line: RegExp,
): Promise<Running & { readonly match: RegExpExecArray }> {
  // A group of its own: npx passes no signal on.
  const child = spawn("bash", ["-ec", `exec ${script}`], { ...options(terminal), detached: true });
  started.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += String(chunk)));
  child.once("exit", () => started.delete(child));
  const found = await eventually(
    `\`${script}\` prints a line like ${line.source}`,
    () => {
      if (child.exitCode !== null) throw new Error(`\`${script}\` ended with ${child.exitCode}.\n${text}`);
      return { match: line.exec(text), text };
    },
    ({ match }) => match !== null,
  );
  return { child, printed: () => text, match: found.match as RegExpExecArray };
}

/** Ends a program as a service manager does, and gives its exit code. */
export async function end({ child }: Running): Promise<number | null> {
  if (child.exitCode === null) {
    const ended = once(child, "exit");
    signal(child, "SIGTERM");
    await ended;
  }
  return child.exitCode;
}

/** Ends all that was started and still runs. */
export function endAll(): void {
  for (const child of started) signal(child, "SIGKILL");
}

const started = new Set<ChildProcess>();

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, name);
}

function options({ folder, project = folder, variables = {} }: Terminal) {
  const { HOME = "/", PATH = "" } = process.env;
  const system = PATH.split(":").filter((part) => !part.startsWith(root));
  const path = [join(project, "node_modules/.bin"), dirname(process.execPath), ...system];
  return { cwd: folder, env: { PATH: path.join(":"), HOME, ...variables } };
}
