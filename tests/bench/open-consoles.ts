import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { Agent, request } from "undici";

/** What ten people look at: most of them the overview and the messages. */
const pages = [
  ...Array.from({ length: 4 }, () => "/console/live/overview"),
  ...Array.from({ length: 4 }, () => "/console/messages/live"),
  ...Array.from({ length: 2 }, () => "/console/live/tenants"),
];

/** Consoles that are open, and read what they are sent. */
export interface OpenConsoles {
  /** How many bytes they were sent. */
  readonly bytes: () => number;
  close(): Promise<void>;
}

/** Opens ten consoles, and waits until each has been shown something. */
export async function openConsoles(url: string): Promise<OpenConsoles> {
  const agent = new Agent({ allowH2: false, bodyTimeout: 0 });
  let bytes = 0;
  const streams = await Promise.all(
    pages.map(async (path) => {
      const { statusCode, body } = await request(`${url}${path}`, { dispatcher: agent });
      if (statusCode !== 200) throw new Error(`${path} was answered with ${statusCode}`);
      body.on("data", (chunk: Buffer) => (bytes += chunk.length)).on("error", () => {});
      await once(body, "data");
      return body;
    }),
  );
  return {
    bytes: () => bytes,
    async close() {
      for (const stream of streams) stream.destroy();
      await agent.destroy();
      // The server notices it, and looks no more.
      await sleep(500);
    },
  };
}
