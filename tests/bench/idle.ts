import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { appSecret } from "./fixtures.ts";
import { stop } from "./processes.ts";
import type { SubjectEnvironment } from "./subject.ts";

const program = fileURLToPath(new URL("../../packages/cli/bin/message-sender.js", import.meta.url));
const settleMs = 3000;

/** The memory of `message-sender serve` on SQLite, before its first request. */
export async function idleRss({ graphUrl, tenantUrl, conversationUrl, folder }: SubjectEnvironment): Promise<number> {
  const child = spawn(process.execPath, [program, "serve"], {
    stdio: ["ignore", "pipe", "ignore", "ipc"],
    cwd: folder,
    env: {
      PORT: "0",
      HOST: "127.0.0.1",
      DATABASE_URL: `sqlite:${join(folder, "idle.db")}`,
      GRAPH_API_URL: graphUrl,
      TENANT_SERVICE_URL: tenantUrl,
      CONVERSATION_SERVICE_URL: conversationUrl,
      WHATSAPP_APP_SECRET: appSecret,
      WHATSAPP_VERIFY_TOKEN: "bench",
    },
  });
  try {
    for await (const line of createInterface({ input: child.stdout as Readable }))
      if (line.includes("listening on")) break;
    await sleep(settleMs);
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  } finally {
    child.kill();
    await stop({ child });
  }
}
