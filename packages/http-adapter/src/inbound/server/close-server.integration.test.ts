import { once } from "node:events";
import { connect } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import { startHttpServer } from "./http-server.ts";

const get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/** Keeps the event loop busy, as another process on the same core would. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it("answers every request of a full backlog, however slow the server is", async () => {
  const app = {
    fetch() {
      stall(15);
      return new Response();
    },
  };
  const { url, close } = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
  const port = Number(new URL(url).port);
  const clients = Array.from({ length: 300 }, () => connect({ port, host: "127.0.0.1" }));
  const answers = clients.map((socket) => {
    onTestFinished(() => void socket.destroy());
    let answer = "";
    socket.on("data", (bytes) => (answer += bytes.toString()));
    const closed = Promise.withResolvers<string>();
    socket.on("error", (error) => (answer += String(error)));
    socket.on("close", () => closed.resolve(answer.slice(0, 12)));
    return closed.promise;
  });
  await Promise.all(clients.map((socket) => once(socket, "connect")));
  for (const socket of clients) socket.write(get);
  await close();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["HTTP/1.1 200"]));
});
