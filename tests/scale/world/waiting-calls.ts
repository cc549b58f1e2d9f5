import { Pool } from "undici";

import type { ServerProcess } from "../../crash/driver/server-process.ts";

/** Calls that wait for their answer, some at a time, to the first outlet of `tenant-a`, until they are stopped. */
export function startWaitingCalls(server: ServerProcess, name: string, atOnce: number) {
  const pool = new Pool(server.url, { connections: atOnce });
  const answers = new Map<string, number>();
  let isOver = false;
  let count = 0;

  async function call(): Promise<void> {
    while (!isOver) {
      const number = (count += 1);
      const status = await pool
        .request({
          method: "POST",
          path: "/api/v1/messages/send",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            tenant_id: "tenant-a",
            outlet_id: "outlet-0",
            conversation_id: `${name}-${number}`,
            to: `+6599${name.slice(-1)}${String(number).padStart(6, "0")}`,
            message: "0",
            message_type: "text",
          }),
        })
        .then(async ({ statusCode, body }) => {
          await body.dump();
          return String(statusCode);
        })
        .catch((error: Error) => error.name);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  }

  const calls = Promise.all(Array.from({ length: atOnce }, call));
  return {
    /** Resolves to how often each status was answered. */
    async stop(): Promise<Readonly<Record<string, number>>> {
      isOver = true;
      await calls;
      await pool.close();
      return Object.fromEntries(answers);
    },
  };
}
