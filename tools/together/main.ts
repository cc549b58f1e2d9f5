/**
 * Runs npm scripts at the same time: `node tools/together/main.ts format lint`. Prints what each has printed once it has ended, and fails
 * if one of them fails.
 */
import { spawn } from "node:child_process";

interface Ended {
  readonly script: string;
  readonly isOk: boolean;
}

function run(script: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", script], { stdio: ["ignore", "pipe", "pipe"] });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => printed.push(chunk));
    child.once("error", (error) => printed.push(Buffer.from(`${error.message}\n`)));
    child.once("close", (code) => {
      process.stdout.write(Buffer.concat(printed));
      resolve({ script, isOk: code === 0 });
    });
  });
}

const ended = await Promise.all(process.argv.slice(2).map(run));
const failed = ended.filter(({ isOk }) => !isOk).map(({ script }) => script);
if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
