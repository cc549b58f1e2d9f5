import { readFileSync } from "node:fs";

import { startSandbox } from "@message-sender/emulator";
import { describe, expect, it, onTestFinished } from "vitest";

import { failureOf } from "../../support/command-failure.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { exitOf, post, runCommand, serve, type ServeProcess, settingsFor } from "../../support/serve-process.ts";
import { runShell } from "../../support/shell.ts";

/** Of the sample outlet for which the commands send. */
const sampleNumber = "106540352242922";

const { version } = JSON.parse(
  readFileSync(new URL("../../../packages/cli/package.json", import.meta.url), "utf8"),
) as { readonly version: string };

describe("serve", () => {
  it("sends a first message without any account, and exits with 0 at SIGTERM", async () => {
    const { child, url, printed } = await serve(["--sandbox"], { LOG_LEVEL: "silent" });
    const server = { MESSAGE_SENDER_URL: url };
    const { stdout } = await runCommand(["send", "--to", "+628123456789", "--text", "Hello"], server);
    const { message_id } = JSON.parse(stdout) as { message_id: string };
    const status = await runInProcess(["status", message_id], server);
    expect(JSON.parse(status.stdout)).toMatchObject({ status: expect.stringMatching(/^(sent|delivered|read)$/) });
    const watched = await runCommand(["status", "--watch", message_id], server);
    expect(watched.stdout).toContain('"read_at"');
    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
    expect(printed().match(/listening on/g)).toHaveLength(1);
  });

  it("at SIGTERM, answers a call that waits for its next attempt with 503 at once, and delivers the history", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { child, url } = await serve([], {
      ...settingsFor(sandbox),
      RETRY_SCHEDULE_MS: "0,20000",
    });
    const conversation = sandbox.faults.add({ target: "conversation", effect: { delayMs: 500 } });
    expect((await post(url)).statusCode).toBe(200);
    sandbox.faults.add({ target: "graph", effect: { status: 503 } });
    const waiting = post(url);
    while (sandbox.graph.requestCount < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    conversation.remove();
    child.kill("SIGTERM");
    const answer = await waiting;
    expect(answer.statusCode).toBe(503);
    expect(await answer.body.json()).toMatchObject({ message_status: "failed", attempts: 1, retry_after_seconds: 1 });
    // At its limit of 24 s it would exit with 1.
    expect(await exitOf(child)).toBe(0);
    expect(sandbox.conversation.messages).toHaveLength(1);
  });

  it.each([
    [{ PORT: "x" }, "PORT"],
    [{ HOST: "0.0.0.0" }, "HOST"],
    [{ DATABASE_URL: "mysql://user:canary@localhost/db" }, "DATABASE_URL"],
    [{ GRAPH_API_URL: "https://user:canary@example.com" }, "GRAPH_API_URL"],
    [{ RETRY_JITTER: "-1" }, "RETRY_JITTER"],
    [{ WEBHOOK_FORWARD_URL: "https://example.com", CALLBACK_SECRET: "user:canary" }, "CALLBACK_SECRET"],
    [{ TENANTS_FILE: "tenants.yaml", TENANT_SERVICE_URL: "http://127.0.0.1:9" }, "TENANTS_FILE and TENANT_SERVICE_URL"],
  ])("refuses to start with the setting %o, and names it", async (environment, name) => {
    const failed = await failureOf(runInProcess(["serve"], { PORT: "0", ...environment }));
    expect(failed).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(name) });
    expect(failed.stderr).not.toContain("user:canary");
  });

  it.each([
    [
      { API_KEYS_FILE: "/tmp/keys-canary" },
      "API_KEYS_FILE: cannot be read (ENOENT): `message-sender keys create` makes it",
    ],
    [{ TENANTS_FILE: "/nonexistent/canary.yaml" }, "TENANTS_FILE"],
    [{ ERROR_RULES_FILE: "/nonexistent/rules.json" }, "ERROR_RULES_FILE: /nonexistent/rules.json: cannot be read"],
    [{}, "TENANT_SERVICE_URL"],
  ])("refuses to start with what %o leads to, and names the setting", async (environment, name) => {
    const failed = await failureOf(runCommand(["serve"], { PORT: "0", ...environment }));
    expect(failed).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(name) });
    expect(failed.stderr).not.toContain("keys-canary");
  });
});

/** Waits until the text was printed. */
async function untilPrinted(process: ServeProcess, text: string): Promise<void> {
  await expect.poll(process.printed, { interval: 20 }).toContain(text);
}

describe("what serve prints", () => {
  it.each(["silent", "info", "trace"])("is all JSON on standard output at the level %s", async (LOG_LEVEL) => {
    const server = await serve(["--sandbox"], { LOG_LEVEL });
    await untilPrinted(server, "emulated");
    expect((await post(server.url)).statusCode).toBe(200);
    server.child.kill("SIGTERM");
    await server.closed;
    const entries = server
      .stdout()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const facts = { version, store: "memory", mode: "sandbox" };
    expect(entries.filter(({ msg }) => msg === `listening on ${server.url}`)).toEqual([
      expect.objectContaining({ level: 30, time: expect.any(String), ...facts }),
    ]);
    if (LOG_LEVEL === "silent") expect(entries).toHaveLength(1);
    else expect(entries).toContainEqual(expect.objectContaining({ msg: "starting", ...facts }));
    // It ignores no setting here.
    expect(entries.filter((entry) => "settings" in entry)).toEqual([]);
    for (const entry of entries) for (const name of Object.keys(entry)) expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  it("names the settings that a sandbox ignores", async () => {
    const settings = { TENANTS_FILE: "/nonexistent/tenants.yaml", GRAPH_API_URL: "http://127.0.0.1:9" };
    const server = await serve(["--sandbox"], settings);
    expect((await post(server.url)).statusCode).toBe(200);
    expect(server.stdout()).toContain('"settings":["GRAPH_API_URL","TENANTS_FILE"]');
  });

  it("is plain text in the pretty format, and says where a sandbox shows the samples and what is sent", async () => {
    const server = await serve(["--sandbox"], { LOG_FORMAT: "pretty", LOG_LEVEL: "silent" });
    await untilPrinted(server, "/__emulator/callbacks\n");
    const [, page = ""] = /answer as a customer: (\S+)\/$/m.exec(server.stdout()) ?? [];
    const [, command = ""] = /Send a message:\n {2}(.*)$/m.exec(server.stdout()) ?? [];
    await runShell(command);
    const messages = async (query: string) =>
      ((await (await fetch(`${page}/__emulator/messages?${query}`)).json()) as { messages: object[] }).messages;
    expect(await messages("to=628123456789")).toMatchObject([{ phoneNumberId: sampleNumber }]);
    expect((await messages(`phoneNumberId=${sampleNumber}`)).length).toBeGreaterThan(1);
    server.child.kill("SIGTERM");
    await server.closed;
    const [first] = server.stdout().split("\n");
    expect(first).toBe(`listening on ${server.url}`);
    expect(server.stdout().match(/listening on/g)).toHaveLength(1);
    expect(server.stdout()).toContain("Send a message:");
  });

  it("names a store that is away without its password", async () => {
    const DATABASE_URL = "postgres://user:canary@127.0.0.1:9/db?password=canary";
    const environment = { PORT: "0", DATABASE_URL, TENANT_SERVICE_URL: "http://127.0.0.1:9" };
    const failed = await failureOf(runCommand(["serve"], environment));
    // It may be there at the next start. No other reason for a failed start is worth another try.
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("DATABASE_URL") });
    expect(JSON.parse(failed.stdout)).toMatchObject({ msg: "starting", version, store: "postgres", mode: "live" });
    expect(failed.stdout + failed.stderr).not.toContain("canary");
  });
});

describe("serve and signals", () => {
  it("does not open the inspector at SIGUSR1", async () => {
    const server = await serve(["--sandbox"]);
    server.child.kill("SIGUSR1");
    for (const _ of [1, 2, 3]) expect((await post(server.url)).statusCode).toBe(200);
    server.child.kill("SIGTERM");
    await server.closed;
    expect(server.child.exitCode).toBe(0);
    expect(server.printed()).not.toContain("Debugger");
  });

  it.each(["SIGINT", "SIGHUP"] as const)("shuts down at %s as at SIGTERM", async (signal) => {
    const server = await serve(["--sandbox"]);
    server.child.kill(signal);
    await server.closed;
    expect(server.child.exitCode).toBe(0);
    expect(server.stdout()).toContain('"msg":"shut down"');
  });
});

describe("config", () => {
  it("prints every setting, with secrets masked", async () => {
    const { stdout } = await runInProcess(["config"], { SERVICE_TOKEN: "canary-token", RETRY_SCHEDULE_MS: "0,5" });
    expect(stdout).toContain("SERVICE_TOKEN=[redacted]\n");
    expect(stdout).toContain("RETRY_SCHEDULE_MS=0,5\n");
    expect(stdout).not.toContain("canary");
  });
});

describe("demo", () => {
  it("succeeds, and shows what it promises", async () => {
    const { stdout } = await runInProcess(["demo"]);
    for (const part of ["retry in", "message-rejected", "quota-exceeded", "Stored by the Conversation Service"]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toContain("✗");
  });
});
