import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";

import { openDocument } from "../../support/documented-blocks.ts";
import { runWithNpx } from "../../support/npx.ts";
import { startService } from "../../support/running-service.ts";

const document = await openDocument("docs/access.md");
const blockWith = (text: string) => document.block("sh", text);

it("the commands of docs/access.md make a key, send with it, and revoke it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const API_KEYS_FILE = join(folder, "keys.json");
  const shell = (script: string, env: Record<string, string> = {}) =>
    runWithNpx(script, { API_KEYS_FILE, ...env }, folder);

  const create = blockWith('keys create --name "CRM"');
  expect(create).toContain("\nnpx message-sender serve --sandbox\n");
  const key = (await shell(create.replace("npx message-sender serve --sandbox", ""))).trim();
  expect(key).toMatch(/^msk_\w{49}$/);

  const { url } = await startService({ environment: { API_KEYS_FILE }, isMeasured: true });
  const use = blockWith("message-sender send").replace("msk_YourKey", key).replace("http://127.0.0.1:3000", url);
  const sent = await shell(use, { MESSAGE_SENDER_URL: url });
  expect(sent).toContain('"status": "sent"');
  expect(sent).toContain('"messages":[{"message_id":');

  const [, id = ""] = /^(key_\w{16})/m.exec(await shell("npx message-sender keys list")) ?? [];
  const revoke = blockWith("keys revoke").replace(/(?<=revoke )key_\w+/, id);
  expect(await shell(revoke)).toContain(`Revoked ${id}`);
});

it("its command makes a key for Prometheus, alone in a file, which shows the metrics and not a message", async () => {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const API_KEYS_FILE = join(folder, "keys.json");
  const shell = (script: string) => runWithNpx(script, { API_KEYS_FILE }, folder);
  await shell(blockWith("--scope metrics"));
  expect(await readFile(join(folder, "message-sender.key"), "utf8")).toMatch(/^msk_\w{49}\n$/);

  const { url } = await startService({ environment: { API_KEYS_FILE }, isMeasured: true });
  const look = blockWith("/metrics").replace("http://127.0.0.1:3000", url);
  expect(await shell(look)).toMatch(/^message_sender_build_info\{/m);
  expect(await shell(look.replace("/metrics", "/api/v1/messages"))).toContain("/problems/forbidden");
});

it("its key of an operator erases a person, and sends nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const API_KEYS_FILE = join(folder, "keys.json");
  const shell = (script: string, env: Record<string, string>) => runWithNpx(script, env, folder);
  const key = (await shell(blockWith('--name "Operator"'), { API_KEYS_FILE })).trim();
  const { url } = await startService({ environment: { API_KEYS_FILE }, isMeasured: true });
  const client = { MESSAGE_SENDER_URL: url, MESSAGE_SENDER_API_KEY: key };
  const erased = await shell("npx message-sender erase --to +628123456789", client);
  expect(JSON.parse(erased)).toMatchObject({ messages: 0 });
  await shell("npx message-sender list", client);
  const refused = shell("npx message-sender send --to +628123456789 --text Hello", client);
  await expect(refused).rejects.toMatchObject({ stdout: expect.stringContaining("/problems/forbidden") });
});

it("its key of a colleague opens the console until it is revoked, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "access-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const API_KEYS_FILE = join(folder, "keys.json");
  const key = (await runWithNpx(blockWith("--scope console"), { API_KEYS_FILE }, folder)).trim();
  const { url } = await startService({ environment: { API_KEYS_FILE }, isMeasured: true });
  const cookies = (answer: Response) => answer.headers.getSetCookie().map((line) => line.replace(/;.*/, ""));
  const asked = await fetch(`${url}/console/sign-in`);
  const [, token = ""] = /name="token" value="([^"]+)"/.exec(await asked.text()) ?? [];
  const form = { method: "POST", redirect: "manual" as const, body: new URLSearchParams({ token, key }) };
  const done = await fetch(`${url}/console/sign-in`, {
    ...form,
    headers: { origin: url, cookie: cookies(asked).join("; ") },
  });
  expect([done.status, done.headers.get("location")]).toEqual([303, "/console"]);
  const isIn = async () => {
    const headers = { accept: "text/html", cookie: cookies(done).join("; ") };
    return !(await fetch(`${url}/console/messages`, { headers })).url.includes("/sign-in");
  };
  expect(await isIn()).toBe(true);
  const asApi = await fetch(`${url}/api/v1/messages`, { headers: { authorization: `Bearer ${key}` } });
  expect(asApi.status).toBe(403);
  const [, id = ""] = /"(key_\w{16})"/.exec(await readFile(API_KEYS_FILE, "utf8")) ?? [];
  await runWithNpx(`npx message-sender keys revoke ${id}`, { API_KEYS_FILE }, folder);
  await expect.poll(isIn).toBe(false);
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
