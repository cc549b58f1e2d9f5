import { createServer } from "node:net";

import type { Random } from "../random.ts";

/** Below the ephemeral ports of the system, so that the port stays free while a server is down. */
export async function freePort(random: Random): Promise<number> {
  for (;;) {
    const port = random.between(20_000, 31_999);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
