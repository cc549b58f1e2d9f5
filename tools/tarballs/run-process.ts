import { execFile } from "node:child_process";

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a program to its end. A program that a signal ended, also at the time limit, is an error. */
export function runProcess(program: string, parameters: readonly string[], options: RunOptions): Promise<Finished> {
  const { cwd, env = process.env, timeoutMs = 120_000 } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      parameters,
      { cwd, env, maxBuffer: 2 ** 26, timeout: timeoutMs, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (child.exitCode !== null) resolve({ code: child.exitCode, stdout, stderr });
        else reject(new Error(`${program} ${parameters.join(" ")} was ended.\n${stdout}${stderr}`, { cause: error }));
      },
    );
  });
}
