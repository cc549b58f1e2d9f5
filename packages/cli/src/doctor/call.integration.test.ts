import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import { EnvHttpProxyAgent } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { call } from "./call.ts";

/** Accepts connections, and never says anything. */
async function silentPeer() {
  const open = new Set<Socket>();
  const server = createServer((socket) => void open.add(socket.on("error", () => {})));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, open };
}

it.each(["peer", "proxy"])("ends with its signal while a %s is silent during the handshake", async (which) => {
  const { address, open } = await silentPeer();
  const proxy = { httpsProxy: which === "proxy" ? `http://${address}` : "", noProxy: "" };
  const dispatcher = new EnvHttpProxyAgent({ ...proxy, connect: { timeout: 100_000 } });
  onTestFinished(() => void dispatcher.destroy());
  const run = new AbortController();
  const answer = call(`https://${which === "peer" ? address : "graph.invalid"}/`, { dispatcher, signal: run.signal });
  await expect.poll(() => open.size, { timeout: 60_000 }).toBe(1);
  run.abort(Object.assign(new Error("over"), { code: "OVER" }));
  expect(await answer).toBe("cannot be reached (OVER)");
});
