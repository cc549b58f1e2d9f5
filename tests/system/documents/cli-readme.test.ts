import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { openTenantsFile } from "@message-sender/http-adapter/outbound";
import { describe, expect, it, onTestFinished } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { quickProgram, serve } from "../../support/serve-process.ts";

const run = promisify(execFile);
const readme = await openDocument("packages/cli/README.md");
const blockWith = readme.block;

describe("the README of the command", () => {
  it("has a TENANTS_FILE that the server accepts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "readme-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "tenants.yaml");
    await writeFile(path, blockWith("yaml", "tenants:"), { mode: 0o600 });
    const file = (await openTenantsFile(path))._unsafeUnwrap();
    const found = await file.credentials.lookup({ tenantId: "acme", outletId: "jakarta-1" });
    await file.close();
    expect(found.isOk()).toBe(true);
    expect(file.limitOf("acme")).toEqual({ limit: 1000, period: "month" });
  });

  it("sends a message with curl", async () => {
    const server = await serve(["--sandbox"]);
    const command = blockWith("sh", "curl").replace("http://127.0.0.1:3000", server.url);
    expect(command).toContain(server.url);
    const { stdout } = await run("bash", ["-c", command]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "sent" });
  });

  it("names each command", async () => {
    const { stdout } = await run(process.execPath, [...quickProgram(), "--help"]);
    const names = [...stdout.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names.filter((name) => name !== "help")) expect(readme.text).toMatch(new RegExp(`\`${name}\\b`));
  });

  it("has no other blocks", () => {
    expect(readme.untested()).toEqual([]);
  });
});
