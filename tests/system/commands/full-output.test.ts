import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";

import { expect, it } from "vitest";

import { bareEnvironment, quickProgram } from "../../support/serve-process.ts";

it.runIf(existsSync("/dev/full"))(
  "a command whose output does not fit on the disk says so in a line, and fails",
  () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [...quickProgram(), "config"], {
      env: bareEnvironment,
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "message-sender: ENOSPC: no space left on device, write\n",
    });
  },
);
