import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { parseCommand, UsageProblem } from "./parse-command.ts";

function problemOf(...args: readonly string[]): unknown {
  try {
    return parseCommand(args, false);
  } catch (problem) {
    return problem;
  }
}

test.each([
  [[], true, true],
  [[], false, false],
  [["--samples"], false, true],
  [["--no-samples"], true, false],
])("%j, at a terminal: %s: samples: %s", (args, isTerminal, samples) => {
  expect(parseCommand(args, isTerminal)).toMatchObject({ samples });
});

test.each([
  [["--moon"], /--moon/],
  [["--port", "high"], /--port must be a number/],
  [["--webhook-url", "http://127.0.0.1:1"], /--app-secret are required together/],
  [["--tls-key", "k"], /--tls-cert and --tls-key are required together/],
  [["--options", "/nowhere.json"], /\/nowhere.json cannot be read/],
])("%j is a problem of usage", (args, words) => {
  const problem = problemOf(...args);
  expect(problem).toBeInstanceOf(UsageProblem);
  expect(problem).toHaveProperty("message", expect.stringMatching(words));
});

test("wrong options are shown", async () => {
  const folder = await mkdtemp(join(tmpdir(), "emulator-options-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "options.json");
  await writeFile(path, '{"limits": {"pair": 1}}');
  const problem = problemOf("--options", path);
  expect(problem).toBeInstanceOf(UsageProblem);
  expect(problem).toHaveProperty("message", expect.stringMatching(/expected boolean[\s\S]*limits\.pair/));
});
