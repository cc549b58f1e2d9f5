import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, it, onTestFinished } from "vitest";

import type { Between } from "./arrival.ts";
import { createTurns } from "./turns.ts";

it("says between when something arrived, however late it is handled", async () => {
  const turns = createTurns();
  const arrivals: Between[] = [];
  const connections: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    connections.push(turns.earliestOfConnectionMs());
    sockets.push(socket);
    socket.on("data", () => void arrivals.push({ earliestMs: turns.earliestMs(), atMs: performance.now() }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const clients: Socket[] = [];
  onTestFinished(() => {
    turns.close();
    for (const client of clients) client.destroy();
    server.close();
  });

  async function open(): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const client = connect(port, "127.0.0.1");
    clients.push(client);
    await once(client, "connect");
    return client;
  }

  /** Sends a byte while the event loop handles what has arrived, and keeps it busy. */
  async function sendLate(client: Socket): Promise<number> {
    await once(client, "data");
    client.write("a");
    const sentMs = performance.now();
    while (performance.now() < sentMs + 30);
    const count = arrivals.length;
    await expect.poll(() => arrivals.length).toBeGreaterThan(count);
    return sentMs;
  }

  const before = performance.now();
  await sleep(50);
  const client = await open();
  await expect.poll(() => connections.length).toBe(1);
  for (let turn = 0; turn < 3; turn += 1) {
    const previousMs = arrivals.at(-1)?.atMs ?? before;
    await sleep(50);
    sockets[0]?.write("b");
    const sentMs = await sendLate(client);
    const { earliestMs = 0, atMs = 0 } = arrivals.at(-1) ?? {};
    expect([earliestMs <= sentMs, sentMs <= atMs, previousMs < earliestMs]).toEqual([true, true, true]);
  }
  expect(connections.every((earliestMs) => earliestMs > before)).toBe(true);
});
