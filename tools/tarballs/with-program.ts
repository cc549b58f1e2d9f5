import { spawn } from "node:child_process";
import { once } from "node:events";

interface Starting {
  /** A command of an installed package, and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints once it has started, with its URL as the first group. */
  readonly started: RegExp;
}

/** Runs `check` while a program runs. Returns what is wrong. */
export async function withProgram(
  { command, cwd, env, started }: Starting,
  check: (url: string) => Promise<string>,
): Promise<string> {
  const child = spawn("npx", command, { cwd, detached: true, env: { ...process.env, ...env } });
  const closed = once(child, "close");
  let printed = "";
  const url = await new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        printed += String(chunk);
        const [, found] = started.exec(printed) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    child.once("close", () => resolve(""));
  });
  if (url === "") return `It did not start.\n${printed}`;
  try {
    return await check(url);
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await closed;
  }
}
