import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { tenantsJsonSchema } from "@message-sender/http-adapter/outbound";
import { describe, expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { runCommand, runOnFullDisk } from "../../support/serve-process.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-init-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const secretsIn = (text: string) => text.match(/(?<=whsec_|TOKEN=)[\w+/=-]{30,}/g) ?? [];

describe("message-sender init", () => {
  it("writes files that the next commands accept as they are", async () => {
    const folder = join(await emptyFolder(), "new/server");
    const { stdout } = await runInProcess(["init", folder, "--json"]);
    const { files, next } = JSON.parse(stdout) as { files: string[]; next: string[] };
    expect((await readdir(folder)).toSorted()).toEqual(files.toSorted());
    for (const command of next.slice(0, -2)) {
      const [, ...args] = command.split(" ");
      await runCommand(args, { ENV_FILE: ".env" }, folder);
    }
    const { stdout: config } = await runCommand(["config", "--json"], { ENV_FILE: "" }, folder);
    expect(JSON.parse(config)).toMatchObject({ TENANTS_FILE: "tenants.yaml", API_KEYS_FILE: "api-keys.json" });
    // Its services cannot be reached from here, but its files are as they must be.
    const { checks } = JSON.parse(
      (
        await runCommand(["doctor", "--json"], { ENV_FILE: ".env", GRAPH_API_URL: "http://127.0.0.1:1" }, folder).catch(
          (error: { stdout: string }) => error,
        )
      ).stdout,
    ) as { checks: { name: string; problem: string | null }[] };
    const ofFiles = checks.filter(({ name }) => /_FILE|store|settings/.test(name));
    expect(ofFiles.map(({ problem }) => problem)).toEqual([null, null, null, null]);
  });

  it("prints the next commands as the user can call them", async () => {
    const own = await runInProcess(["init", await emptyFolder()]);
    expect(own.stdout).toMatch(/^ {2}message-sender serve$/m);
    const byNpx = await runInProcess(["init", await emptyFolder()], { npm_command: "exec" });
    expect(byNpx.stdout.match(/(?<!npx )message-sender \w+/g)).toBeNull();
    expect(byNpx.stdout).toMatch(/^ {2}npx message-sender serve$/m);
  });

  it.each([
    ["shop", (parent: string) => `${parent}/shop`],
    ["my shop", (parent: string) => `'${parent}/my shop'`],
    ["it's $HOME", (parent: string) => String.raw`'${parent}/it'\''s $HOME'`],
  ])("prints a command that leads to the folder %s in a shell", async (name, wordIn) => {
    const parent = await emptyFolder();
    const { stdout } = await runInProcess(["init", join(parent, name)]);
    expect(stdout).toContain(`\n  cd ${wordIn(parent)}\n`);
    const [line = ""] = stdout.match(/^ {2}cd .*$/m) ?? [];
    const { stdout: at } = await promisify(execFile)("sh", ["-c", `${line} && pwd -P`], { cwd: parent });
    expect(at.trim()).toBe(join(await realpath(parent), name));
  });

  it("keeps secrets from other users, and makes new ones each time", async () => {
    const [first, second] = [await emptyFolder(), await emptyFolder()];
    const { stdout } = await runInProcess(["init", first]);
    await runInProcess(["init", second]);
    expect(stdout).toContain("message-sender keys create");
    for (const name of [".env", "tenants.yaml"]) {
      expect((await stat(join(first, name))).mode & 0o777).toBe(0o600);
      const [one, other] = await Promise.all([first, second].map((folder) => readFile(join(folder, name), "utf8")));
      const secrets = secretsIn(one ?? "");
      expect(secrets.length).toBeGreaterThan(0);
      for (const secret of secrets) expect(other).not.toContain(secret);
    }
  });

  it("names the schema for editors in the first line of the tenants file", async () => {
    const folder = await emptyFolder();
    await runInProcess(["init", folder]);
    const [first = ""] = (await readFile(join(folder, "tenants.yaml"), "utf8")).split("\n");
    const [, name = ""] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
    expect(JSON.parse(await readFile(join(folder, name), "utf8"))).toEqual(tenantsJsonSchema());
  });

  it.each([".env", "tenants.yaml", "tenants.schema.json"])("replaces no %s and writes nothing then", async (name) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, name), "mine");
    const failure: unknown = await runInProcess(["init", folder]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("exists already") });
    expect(await readdir(folder)).toEqual([name]);
    expect(await readFile(join(folder, name), "utf8")).toBe("mine");
  });

  it("leaves nothing behind if the disk is full", async () => {
    const folder = await emptyFolder();
    // The first two files are shorter.
    const failure: unknown = await runOnFullDisk(2, ["init", folder]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("nothing was written") });
    expect(await readdir(folder)).toEqual([]);
  });
});
