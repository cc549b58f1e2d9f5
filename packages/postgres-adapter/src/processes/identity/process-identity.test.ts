import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

import { describe, expect, it, onTestFinished } from "vitest";

import { hasEnded, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

function own(): ProcessIdentity {
  const identity = ownIdentity();
  if (!identity) throw new Error("Linux tells it.");
  return identity;
}

describe.skipIf(process.platform !== "linux")("the identity of a process", () => {
  it("is the same at any time, and another one than that of its parent", () => {
    expect(own()).toEqual(own());
    expect(own()).toMatchObject({ pid: process.pid, machine: expect.stringMatching(/^[0-9a-f-]{36} pid:\[\d+\] /) });
    expect(hasEnded(own())).toBe(false);
    expect(hasEnded({ pid: process.ppid, startedTicks: own().startedTicks })).toBe(true);
  });

  it("has ended if it is that of an earlier process with the same id", () => {
    const { pid, startedTicks } = own();
    expect(hasEnded({ pid, startedTicks: startedTicks - 1 })).toBe(true);
  });

  it("has ended once the process was killed, also while its parent has not noticed", async () => {
    // The parent becomes a program that does not ask how its child ended.
    const parent = spawn("sh", ["-c", "sleep 3600 & echo $!; exec sleep 3600"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(parent, "exit");
    onTestFinished(async () => {
      parent.kill("SIGKILL");
      await exited;
    });
    const [said] = await once(parent.stdout, "data");
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8"), { timeout: 60_000 }).toBe("sleep\n");
    const pid = Number(said);
    const startedTicks = startOf(pid);
    expect(hasEnded({ pid, startedTicks })).toBe(false);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => hasEnded({ pid, startedTicks }), { timeout: 60_000 }).toBe(true);
    expect(() => process.kill(pid, 0)).not.toThrow();
  });
});

/** Of a process without a space in its name. */
function startOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[21]);
}
