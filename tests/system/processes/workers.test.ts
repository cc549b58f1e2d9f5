import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { failureOf } from "../../support/command-failure.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { usePostgres } from "../../support/postgres.ts";
import { exitOf, post, serve, settingsFor, startWork } from "../../support/serve-process.ts";

const postgres = usePostgres();

it("serve --no-worker leaves the queue to work, which serves no API", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const environment = { ...settingsFor(sandbox), DATABASE_URL: postgres.url, LOG_FORMAT: "json" };
  const { child, url } = await serve(["--no-worker"], environment);
  const queued = await post(url, { prefer: "respond-async" });
  expect(queued.statusCode).toBe(202);
  expect((await post(url)).statusCode).toBe(200);
  const { message_id: id } = (await queued.body.json()) as { message_id: string };
  const status = async () =>
    ((await (await request(`${url}/api/v1/messages/${id}/status`)).body.json()) as { status: string }).status;
  expect(await status()).toBe("queued");

  const worker = await startWork({ ...environment, METRICS_PORT: "0" });
  await expect.poll(status, { timeout: 60_000 }).toBe("sent");
  const statusOf = async (path: string) => {
    const answer = await request(`${worker.url}${path}`);
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await statusOf("/healthz")).toBe(200);
  expect(await statusOf("/readyz")).toBe(200);
  expect(await statusOf("/metrics")).toBe(200);
  for (const path of ["/api/v1/messages", "/docs", "/openapi.json", "/webhooks/whatsapp"]) {
    expect(await statusOf(path)).toBe(404);
  }
  for (const one of [worker.child, child]) {
    one.kill("SIGTERM");
    expect(await exitOf(one)).toBe(0);
  }
});

describe("on a store that belongs to one process", () => {
  it.each([["sqlite:messages.db"], ["memory:"]])("%s, the queue is left to nobody else", async (databaseUrl) => {
    for (const args of [["serve", "--no-worker"], ["work"]]) {
      const { code, stderr } = await failureOf(runInProcess(args, { DATABASE_URL: databaseUrl }));
      expect(code).toBe(2);
      expect(stderr).toContain("needs a DATABASE_URL of PostgreSQL");
    }
  });
});
