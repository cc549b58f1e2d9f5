import { Pool } from "undici";

import { answerText } from "./answer-text.ts";
import { sendBody } from "./sends.ts";

const batchSize = 500;
const outletCount = 50;

/** Makes a server queue messages of many outlets, each in another conversation. */
export async function queueMessages(url: string, count: number): Promise<void> {
  const pool = new Pool(url, { connections: 1, allowH2: false });
  for (let first = 0; first < count; first += batchSize) {
    const bodies = Array.from({ length: Math.min(batchSize, count - first) }, (_, index) =>
      sendBody(first + index, "Hello! Your order is ready.", (first + index) % outletCount),
    );
    const { status, text } = await answerText(pool, {
      method: "POST",
      path: "/api/v1/messages/batch",
      headers: ["content-type", "application/json"],
      body: `{"messages":[${bodies.join()}]}`,
    });
    if (status !== 202 || text.includes('"problem"')) throw new Error(`a batch was answered with ${status}: ${text}`);
  }
  await pool.close();
}
