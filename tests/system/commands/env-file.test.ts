import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { failureOf } from "../../support/command-failure.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { runCommand, serve } from "../../support/serve-process.ts";

async function envFile(text: string, name = ".env") {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-env-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return { folder, path };
}

function settingsOf({ stdout }: { readonly stdout: string }): Record<string, string | null> {
  return JSON.parse(stdout) as Record<string, string | null>;
}

describe("settings from an env file", () => {
  it("are read from .env in the working folder, and the environment wins", async () => {
    const { folder } = await envFile("GRAPH_API_VERSION=v30.0\nPACE_PAIR_BURST=7\nLOG_LEVEL=warn\n");
    const environment = { ENV_FILE: "", PACE_PAIR_BURST: "9" };
    const settings = settingsOf(await runCommand(["config", "--json"], environment, folder));
    expect(settings).toMatchObject({ GRAPH_API_VERSION: "v30.0", PACE_PAIR_BURST: "9", LOG_LEVEL: "warn" });
  });

  it("are read from the file of --env, or else of ENV_FILE", async () => {
    const one = await envFile("GRAPH_API_VERSION=v31.0\n", "one.env");
    const other = await envFile("GRAPH_API_VERSION=v32.0\n", "other.env");
    const environment = { ENV_FILE: one.path };
    expect(settingsOf(await runInProcess(["config", "--json"], environment))["GRAPH_API_VERSION"]).toBe("v31.0");
    const named = ["config", "--json", "--env", other.path];
    expect(settingsOf(await runInProcess(named, environment))["GRAPH_API_VERSION"]).toBe("v32.0");
  });

  it("apply to a server", async () => {
    const { path } = await envFile("LOG_FORMAT=pretty\nMETRICS_PORT=0\n");
    const server = await serve(["--sandbox", "--env", path]);
    await expect.poll(() => server.printed()).toContain("Metrics: http");
  });

  it.each([
    ["a line that is none", "LOG_LEVEL=info\nhunter2 is the password\n"],
    ["an open quote", 'CALLBACK_SECRET="hunter2\n'],
  ])("with %s end the command with 2, and the value is not shown", async (_, text) => {
    const { path } = await envFile(text);
    const failure: unknown = await runInProcess(["config", "--env", path]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(`env file ${path}`) });
    expect((failure as { stderr: string }).stderr).not.toContain("hunter2");
  });

  it("must exist where someone named the file", async () => {
    const { folder } = await envFile("");
    for (const path of [join(folder, "missing.env"), folder]) {
      const failures = [
        await failureOf(runInProcess(["config"], { ENV_FILE: path })),
        await failureOf(runInProcess(["config", "--env", path])),
      ];
      for (const { code, stdout, stderr } of failures)
        expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("cannot be read")]);
    }
  });
});
