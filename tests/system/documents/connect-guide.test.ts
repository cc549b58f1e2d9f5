import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { expect, it, onTestFinished } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { npx } from "../../support/npx.ts";
import { bareEnvironment } from "../../support/serve-process.ts";

const guide = await openDocument("docs/connect-a-number.md");
const [register, ...steps] = guide.blocks("sh");

/** Runs parts of the guide as one script, with WhatsApp's URL replaced by the sandbox's. */
function shell(parts: readonly (string | undefined)[], { cwd, sandbox }: { cwd: string; sandbox: Sandbox }) {
  const script = [npx, ...parts].join("\n").replaceAll("https://graph.facebook.com", sandbox.graphUrl);
  const { DATABASE_URL: _, ENV_FILE: __, ...environment } = bareEnvironment;
  const env = { ...environment, GRAPH_API_URL: sandbox.graphUrl, PORT: "0" };
  // With a socket as its input, bash takes itself for a remote shell and reads ~/.bashrc.
  const child = spawn("bash", ["-ec", script], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  return { printed: () => printed, code: once(child, "close").then(([code]) => Number(code)) };
}

it("the commands of docs/connect-a-number.md lead to a message that is read", async () => {
  const outlets = {
    "jakarta-1": {
      waba_access_token: "EAAGyour-token",
      phone_number_id: "106540352242922",
      waba_id: "102290129340398",
    },
  };
  const sandbox = await startSandbox({ tenants: { acme: { outlets } } });
  const cwd = await mkdtemp(join(tmpdir(), "connect-guide-"));
  onTestFinished(async () => {
    await sandbox.close();
    await rm(cwd, { recursive: true });
  });

  const [init, check, serve, ...later] = steps;
  const prepared = shell([register, init, "echo KEY=$MESSAGE_SENDER_API_KEY"], { cwd, sandbox });
  expect(await prepared.code, prepared.printed()).toBe(0);
  expect(prepared.printed()).toMatch(/^\{"success":true\}/);
  const [, key = ""] = /^KEY=(\w+)$/m.exec(prepared.printed()) ?? [];
  const folder = join(cwd, "server");
  await writeFile(join(folder, "tenants.yaml"), guide.block("yaml", "tenants:"));
  await useSettings(join(folder, ".env"), guide.block("dotenv", "WHATSAPP"));

  const checked = shell([check], { cwd: folder, sandbox });
  expect(await checked.code, checked.printed()).toBe(0);
  expect(checked.printed()).toMatch(/number 106540352242922: quality GREEN, limit \w+, throughput STANDARD/);

  const server = shell([serve], { cwd: folder, sandbox });
  await expect.poll(server.printed).toContain("listening on http://127.0.0.1:");
  const [, url = ""] = /listening on (\S+:\d+)/.exec(server.printed()) ?? [];
  sandbox.webhooks.target({ url: `${url}/webhooks/whatsapp`, appSecret: "0123456789abcdef0123456789abcdef" });
  const [variables] = register?.split("\n") ?? [];
  const client = `${variables}\nexport MESSAGE_SENDER_URL=${url} MESSAGE_SENDER_API_KEY=${key}`;
  const commands = later.map((part) => part.replace("https://sender.example.com", url));
  const sent = shell([client, ...commands], { cwd: folder, sandbox });
  expect(await sent.code, sent.printed()).toBe(0);
  expect(sent.printed()).toMatch(/ok\W+webhooks at/i);
  expect(sent.printed()).toMatch(/"status":\s?"read"/);
  expect(sandbox.graph.messages.map(({ type }) => type)).toEqual(["text", "template"]);
});

/** Replaces the lines that `init` has written as comments. */
async function useSettings(path: string, settings: string): Promise<void> {
  const names = [...settings.matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name);
  expect(names).toEqual(["WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"]);
  const before = await readFile(path, "utf8");
  for (const name of names) expect(before).toMatch(new RegExp(`^#${name}=`, "m"));
  const kept = before.split("\n").filter((line) => !names.some((name) => line.startsWith(`#${name}=`)));
  await writeFile(path, [...kept, settings].join("\n"));
}

it("runs each of its blocks", () => {
  expect(steps).toHaveLength(6);
  expect(guide.untested()).toEqual([]);
});
