import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { openTenantsFile } from "@message-sender/http-adapter/outbound";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = new URL("../../..", import.meta.url).pathname;
const node = ["--conditions=@message-sender/source"];
const cli = join(root, "packages/cli/src/main.ts");

const readme = await readFile(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text: text ?? "",
}));
const shell = blocks.filter(({ language }) => language === "sh").map(({ text }) => text.trim());

describe("the README", { timeout: 30_000 }, () => {
  it("has code of these kinds, each of which is executed below", () => {
    expect(shell).toHaveLength(3);
    expect(blocks.filter(({ language }) => language === "ts")).toHaveLength(1);
    expect(blocks.filter(({ language }) => language === "yaml")).toHaveLength(1);
    expect(blocks).toHaveLength(5);
  });

  it.each(blocks.filter(({ language }) => language === "ts"))("$text", async ({ text }) => {
    const { stdout, stderr } = await run(
      process.execPath,
      [...node, "--input-type=module-typescript", "--eval", text],
      {
        cwd: root,
      },
    );
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^sent: /);
  });

  it("names the demo, which ends well", async () => {
    expect(shell[0]).toBe("npm ci && npm run demo");
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts["demo"]).toBe("message-sender demo");
    const { stdout } = await run(process.execPath, [...node, cli, "demo"]);
    expect(stdout).toContain("Try it yourself");
  });

  it("names the test command, which is the one that runs this", () => {
    expect(shell[1]).toBe("npm ci && npm test");
  });

  it("has a TENANTS_FILE that is taken", async () => {
    const folder = await mkdtemp(join(tmpdir(), "readme-"));
    const path = join(folder, "tenants.yaml");
    const text = blocks.find(({ language }) => language === "yaml")?.text ?? "";
    await writeFile(path, text, { mode: 0o600 });
    const file = (await openTenantsFile(path))._unsafeUnwrap();
    const found = await file.credentials.lookup({ tenantId: "acme", outletId: "jakarta-1" });
    await file.close();
    await rm(folder, { recursive: true });
    expect(found.isOk()).toBe(true);
    expect(file.limitOf("acme")).toEqual({ limit: 1000, period: "month" });
  });

  it("sends a message with curl", async () => {
    const server = spawn(process.execPath, [...node, cli, "serve", "--sandbox"], {
      env: { ...process.env, PORT: "0", DATABASE_URL: "memory:", LOG_LEVEL: "silent" },
    });
    try {
      let printed = "";
      server.stdout.on("data", (chunk) => (printed += String(chunk)));
      const line = /"msg":"listening on (\S+)"/;
      while (!line.test(printed)) await new Promise((resolve) => setTimeout(resolve, 20));
      const url = line.exec(printed)?.[1] ?? "";
      const command = shell[2]?.replace("http://127.0.0.1:3000", url) ?? "";
      expect(command).toContain(url);
      const { stdout } = await run("bash", ["-c", command]);
      expect(JSON.parse(stdout)).toMatchObject({ status: "sent" });
    } finally {
      server.kill("SIGKILL");
    }
  });
});
