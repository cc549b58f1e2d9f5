import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it, onTestFinished } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";

const execute = promisify(execFile);
const text = await readFile(join(root, "deploy/systemd/message-sender.service"), "utf8");
const valuesOf = (name: string) => [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value]) => value);
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

/** The unit with a program that exists on this machine. */
async function unit(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-unit-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "message-sender.service");
  await writeFile(path, text.replace("/usr/local/bin/message-sender", process.execPath));
  return path;
}

describe("the systemd unit", () => {
  it("lets the server end by itself, and does not restart one with an invalid setting", () => {
    expect(valuesOf("ExecStart")).toEqual(["/usr/local/bin/message-sender serve"]);
    expect(Number(valuesOf("TimeoutStopSec")[0])).toBeGreaterThan(25);
    expect(valuesOf("RestartPreventExitStatus")).toEqual(["2"]);
  });

  it("keeps its folder from other users, and lets V8 compile", () => {
    expect(valuesOf("WorkingDirectory")).toEqual(["/var/lib/message-sender"]);
    expect(valuesOf("StateDirectoryMode")).toEqual(["0700"]);
    expect(valuesOf("MemoryDenyWriteExecute")).toEqual([]);
  });

  it.skipIf(!hasSystemd)("is valid", async () => {
    const { stderr } = await execute("systemd-analyze", ["verify", await unit()]);
    expect(stderr.split("\n").filter((line) => line.includes("message-sender.service"))).toEqual([]);
  });

  it.skipIf(!hasSystemd)("exposes little to a server that was taken over", async () => {
    const { stdout } = await execute("systemd-analyze", ["security", "--offline=true", "--no-pager", await unit()]);
    const [, level = "10"] = /exposure level for \S+: ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(level)).toBeLessThan(2);
  });
});
