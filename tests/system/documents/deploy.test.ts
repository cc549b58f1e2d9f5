import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";

import pg from "pg";
import { parse } from "yaml";
import { expect, it, onTestFinished } from "vitest";

// The program itself, not a library: only its tests call it so.
// oxlint-disable-next-line no-restricted-imports
import { createProgram } from "../../../packages/cli/src/program.ts";
import { root } from "../../../tools/readmes/examples.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { usePostgres } from "../../support/postgres.ts";
import { bareEnvironment, quickProgram } from "../../support/serve-process.ts";

const postgres = usePostgres();
const document = await openDocument("docs/deploy.md");
const steps = document.block("sh", "init server");
const serving = document.block("sh", "serve --sandbox");
const scripts = [steps, serving, ...document.blocks("sh")];

/** A folder, and an environment whose PATH has the command. */
async function place() {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-deploy-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bin = join(folder, "bin");
  await mkdir(bin);
  const command = `#!/bin/sh\nexec "${process.execPath}" ${quickProgram().join(" ")} "$@"\n`;
  await writeFile(join(bin, "message-sender"), command, { mode: 0o755 });
  await symlink(process.execPath, join(bin, "node"));
  const { DATABASE_URL: _, ENV_FILE: __, ...environment } = bareEnvironment;
  return { folder, env: { ...environment, PATH: `${bin}:${environment.PATH}`, PORT: "0" } };
}

function shell(script: string, { folder, env }: Awaited<ReturnType<typeof place>>) {
  const child = spawn("sh", ["-ec", script], { cwd: folder, env });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, printed: () => printed, code };
}

it("the first steps run as they are written, and the server then starts in that folder", async () => {
  const here = await place();
  const run = shell(steps, here);
  expect(await run.code, run.printed()).toBe(0);
  expect(run.printed()).toMatch(/^msk_\w+$/m);
  expect(run.printed()).toMatch(/^DATABASE_URL=sqlite:message-sender\.db$/m);
  expect(run.printed()).toMatch(/Migrated the store from schema version 0 to \d+\./);
  // `exec`: the signal is for the server, not for the shell that started it.
  const server = shell(serving.replace("message-sender", "exec message-sender"), {
    ...here,
    folder: join(here.folder, "server"),
  });
  onTestFinished(() => void server.child.kill("SIGKILL"));
  await expect.poll(server.printed).toContain("listening on http://127.0.0.1:");
  server.child.kill("SIGTERM");
  expect(await server.code).toBe(0);
});

it("the role of PostgreSQL that it makes may migrate", async () => {
  const name = `deploy_${randomUUID().replaceAll("-", "_")}`;
  const named = (language: string) => document.block(language, "message_sender").replaceAll("message_sender", name);
  const administrator = new pg.Client(postgres.url);
  await administrator.connect();
  onTestFinished(async () => {
    await administrator.query(`DROP DATABASE IF EXISTS ${name}`);
    await administrator.query(`DROP ROLE IF EXISTS ${name}`);
    await administrator.end();
  });
  for (const statement of named("sql").trim().split("\n")) await administrator.query(statement);
  const url = new URL(parseEnv(named("dotenv"))["DATABASE_URL"] ?? "");
  url.host = new URL(postgres.url).host;
  const migrated = await runInProcess(["migrate"], { DATABASE_URL: url.href });
  expect(migrated.stdout).toMatch(/^Migrated the store from schema version 0 to \d+\.$/m);
});

it("each command and file that it names exists", async () => {
  const program = createProgram();
  const text = scripts.join("\n");
  const named = [
    ...text.matchAll(
      /(?:^|[ ;]|run --rm (?:--\S+ )*)(?:message-sender|sandbox|server) (init|[a-z]+(?: create)?)(?=[ \n])/gm,
    ),
  ];
  expect(named.length).toBeGreaterThan(8);
  const names = new Set(program.commands.map((command) => command.name()));
  const commands = named
    .map(([, name = ""]) => name.split(" ")[0] ?? "")
    .filter((name) => name !== "up" && name !== "down");
  expect(commands.filter((name) => !names.has(name))).toEqual([]);
  const { services } = parse(await readFile(join(root, "deploy/compose.yaml"), "utf8"), { merge: true }) as {
    services: Record<string, { profiles?: readonly string[] }>;
  };
  const profiles = [...document.text.matchAll(/--profile (\w+)/g)].map(([, profile]) => profile);
  const known = Object.values(services).flatMap((service) => service.profiles ?? []);
  expect(profiles.filter((profile) => !known.includes(profile ?? ""))).toEqual([]);
});

it("the scripts of its code blocks are valid", async () => {
  for (const script of scripts) {
    const checked = shell(
      "sh -n script",
      await place().then(async (here) => {
        await writeFile(join(here.folder, "script"), script);
        return here;
      }),
    );
    expect(await checked.code, `${checked.printed()}\n${script}`).toBe(0);
  }
});

it("there are no other blocks", () => {
  expect(document.untested()).toEqual([]);
});
