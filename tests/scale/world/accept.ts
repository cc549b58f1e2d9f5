import { Pool } from "undici";

import type { ServerProcess } from "../../crash/driver/server-process.ts";
import { pause } from "../../crash/driver/wait.ts";
import { bodyOf, type Order } from "./messages.ts";

const batchSize = 1000;

interface BatchAnswer {
  readonly results: readonly { readonly message_id?: string; readonly problem?: object }[];
}

/** Queues messages through one server, batch after batch, in their order. Throws if one is refused. */
export async function accept(server: ServerProcess, orders: readonly Order[]): Promise<void> {
  const pool = new Pool(server.url, { connections: 1, headersTimeout: 120_000 });
  try {
    for (let first = 0; first < orders.length; first += batchSize) {
      const body = JSON.stringify({ messages: orders.slice(first, first + batchSize).map(bodyOf) });
      while (!(await acceptBatch(pool, body))) await pause(500);
    }
  } finally {
    await pool.close();
  }
}

/** Returns false if the server is too busy for now. Its messages have keys, so a batch can be repeated. */
async function acceptBatch(pool: Pool, body: string): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const answer = await pool.request({ method: "POST", path: "/api/v1/messages/batch", headers, body });
  const text = await answer.body.text();
  if (answer.statusCode === 503) return false;
  if (answer.statusCode !== 202) throw new Error(`a batch was answered with ${answer.statusCode}: ${text}`);
  const refused = (JSON.parse(text) as BatchAnswer).results.find(({ problem }) => problem !== undefined);
  if (refused) throw new Error(`a message was refused: ${JSON.stringify(refused.problem)}`);
  return true;
}
