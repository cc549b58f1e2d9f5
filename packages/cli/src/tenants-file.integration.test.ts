import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { expect, it, onTestFinished } from "vitest";

import { outlet, tenant } from "../test/running-service.ts";
import { exitOf, post, serve } from "../test/serve-process.ts";

const tenants = {
  [tenant]: {
    quota: { limit: 3, period: "none" },
    outlets: { [outlet]: { waba_access_token: "EAAfileToken", phone_number_id: "106540352242922" } },
  },
};

it.each(["SIGTERM", "SIGKILL"] as const)(
  "a quota of the tenants file goes on where it was after a %s",
  async (signal) => {
    const sandbox = await startSandbox();
    const folder = await mkdtemp(join(tmpdir(), "message-sender-tenants-"));
    onTestFinished(async () => {
      await sandbox.close();
      await rm(folder, { recursive: true });
    });
    const file = join(folder, "tenants.json");
    await writeFile(file, JSON.stringify({ tenants }), { mode: 0o600 });
    const start = () =>
      serve([], {
        DATABASE_URL: `sqlite:${join(folder, "store.db")}`,
        GRAPH_API_URL: sandbox.graphUrl,
        TENANTS_FILE: file,
      });

    const first = await start();
    const sent = [await post(first.url), await post(first.url)];
    expect(sent.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    first.child.kill(signal);
    await exitOf(first.child);
    expect(first.printed()).not.toContain("counted in memory");

    const second = await start();
    await expect.poll(async () => (await post(second.url)).statusCode, { timeout: 10_000 }).toBe(200);
    expect((await post(second.url)).statusCode).toBe(429);
    expect(sandbox.graph.messages).toHaveLength(3);
  },
);
