import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";

import { openDocument } from "../../support/documented-blocks.ts";
import { npx } from "../../support/npx.ts";
import { bareEnvironment, serve } from "../../support/serve-process.ts";

const run = promisify(execFile);
const document = await openDocument("docs/access.md");
const blockWith = (text: string) => document.block("sh", text);

it("the commands of docs/access.md make a key, send with it, and revoke it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const API_KEYS_FILE = join(folder, "keys.json");
  const bash = async (script: string, env: Record<string, string> = {}) => {
    const options = { cwd: folder, env: { ...bareEnvironment, API_KEYS_FILE, ...env } };
    return (await run("bash", ["-e", "-c", `${npx}\n${script}`], options)).stdout;
  };

  const create = blockWith('keys create --name "CRM"');
  expect(create).toContain("\nnpx message-sender serve --sandbox\n");
  const key = (await bash(create.replace("npx message-sender serve --sandbox", ""))).trim();
  expect(key).toMatch(/^msk_\w{49}$/);

  const { url } = await serve(["--sandbox"], { API_KEYS_FILE });
  const use = blockWith("message-sender send").replace("msk_YourKey", key).replace("http://127.0.0.1:3000", url);
  const sent = await bash(use, { MESSAGE_SENDER_URL: url });
  expect(sent).toContain('"status": "sent"');
  expect(sent).toContain('"messages":[{"message_id":');

  const [, id = ""] = /^(key_\w{16})/m.exec(await bash("npx message-sender keys list")) ?? [];
  const revoke = blockWith("keys revoke").replace(/(?<=revoke )key_\w+/, id);
  expect(await bash(revoke)).toContain(`Revoked ${id}`);
});

it("its command makes a key for Prometheus, alone in a file, which shows the metrics and not a message", async () => {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const API_KEYS_FILE = join(folder, "keys.json");
  const env = { ...bareEnvironment, API_KEYS_FILE };
  const bash = (script: string) => run("bash", ["-e", "-c", `${npx}\n${script}`], { cwd: folder, env });
  await bash(blockWith("--scope metrics"));
  expect(await readFile(join(folder, "message-sender.key"), "utf8")).toMatch(/^msk_\w{49}\n$/);

  const { url } = await serve(["--sandbox"], { API_KEYS_FILE });
  const look = blockWith("/metrics").replace("http://127.0.0.1:3000", url);
  expect((await bash(look)).stdout).toMatch(/^message_sender_build_info\{/m);
  expect((await bash(look.replace("/metrics", "/api/v1/messages"))).stdout).toContain("/problems/forbidden");
});

it("its key of an operator erases a person, and sends nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const API_KEYS_FILE = join(folder, "keys.json");
  const bash = (script: string, env: Record<string, string>) =>
    run("bash", ["-e", "-c", `${npx}\n${script}`], { cwd: folder, env: { ...bareEnvironment, ...env } });
  const key = (await bash(blockWith('--name "Operator"'), { API_KEYS_FILE })).stdout.trim();
  const { url } = await serve(["--sandbox"], { API_KEYS_FILE });
  const client = { MESSAGE_SENDER_URL: url, MESSAGE_SENDER_API_KEY: key };
  const erased = await bash("npx message-sender erase --to +628123456789", client);
  expect(JSON.parse(erased.stdout)).toMatchObject({ messages: 0 });
  await bash("npx message-sender list", client);
  const refused = bash("npx message-sender send --to +628123456789 --text Hello", client);
  await expect(refused).rejects.toMatchObject({ stdout: expect.stringContaining("/problems/forbidden") });
});

it("its configuration for Prometheus names that file, and a job that the alert rules expect", () => {
  const { scrape_configs: jobs } = parse(document.block("yaml", "scrape_configs")) as { scrape_configs: object[] };
  expect(jobs).toMatchObject([
    { job_name: "message-sender", authorization: { credentials_file: expect.stringMatching(/message-sender\.key$/) } },
  ]);
});

it("each other block of it is run too", () => {
  expect(document.untested()).toEqual([]);
});
