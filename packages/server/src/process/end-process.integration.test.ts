import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, it } from "vitest";

const execute = promisify(execFile);
const module = JSON.stringify(new URL("./end-process.ts", import.meta.url).href);

/** How a process ends: by its exit, or because another program replaces it. */
async function ending(how: string): Promise<unknown> {
  const program = `
    import { fsync, read } from "node:fs";
    import { endProcess } from ${module};
    process.execve = (path, args) => {
      console.log("replaced");
      process.kill(process.pid, "SIGKILL");
    };
    process.on("exit", (code) => console.log("exit", code));
    ${how}`;
  const end = await execute(process.execPath, ["--input-type=module", "--eval", program]).catch((error) => error);
  return (end as { stdout: string }).stdout.trim();
}

it("exits in the ordinary way once a thread has done its work", async () => {
  expect(await ending("fsync(1, () => Promise.resolve().then(() => endProcess(3)));")).toBe("exit 3");
});

it("does not wait for a thread that is still at work", async () => {
  // Its standard input stays open, and nothing arrives there.
  expect(await ending("read(0, Buffer.alloc(1), 0, 1, null, () => {}); endProcess(3);")).toBe("replaced");
});
