import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

import { onTestFinished } from "vitest";

/** A connection through the proxy: the end that our client talks to, and the one that talks to the server. */
export interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** What becomes of a link; `healed` is when the fault is over. */
export type Fault = (link: Link, healed: Promise<void>) => unknown;

export interface FaultProxy {
  readonly port: number;
  readonly links: readonly Link[];
  /** From now on new links pass everything. */
  heal(): void;
}

export const pass: Fault = ({ client, server }) => {
  client.pipe(server);
  server.pipe(client);
};

/** Stands between a client and the server at `target`; what it knows of TLS is nothing. */
export async function startFaultProxy(target: number, fault: Fault): Promise<FaultProxy> {
  const links: Link[] = [];
  const healed = Promise.withResolvers<void>();
  let current = fault;
  const proxy = createServer((client) => {
    const link = { client, server: connect(target, "127.0.0.1") };
    links.push(link);
    link.server.on("error", () => {});
    client.on("error", () => {}).on("close", () => link.server.end());
    current(link, healed.promise);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(async () => {
    for (const { client, server } of links) for (const socket of [client, server]) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return {
    port: (proxy.address() as AddressInfo).port,
    links,
    heal() {
      current = pass;
      healed.resolve();
    },
  };
}

/** A port before `target` that accepts nobody, and whose backlog is full, until `accept` is called. On Linux. */
export async function startFullBacklog(target: number): Promise<{ port: number; accept(): Promise<void> }> {
  const accepting = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { connect, createServer } = require("node:net");
    const { parentPort, workerData } = require("node:worker_threads");
    let connections = 0;
    const server = createServer((client) => {
      if (++connections === 2) parentPort.postMessage("accepted");
      const target = connect(workerData.target, "127.0.0.1");
      for (const socket of [client, target]) socket.on("error", () => {});
      client.pipe(target).pipe(client);
    });
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(workerData.accepting, 0, 0);
    });`,
    { eval: true, workerData: { target, accepting } },
  );
  const [port] = (await once(worker, "message")) as [number];
  // A backlog of n holds n + 1; the next one's SYN is dropped.
  const waiting = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
  await Promise.all(waiting.map((socket) => once(socket, "connect")));
  async function accept(): Promise<void> {
    Atomics.store(accepting, 0, 1);
    Atomics.notify(accepting, 0);
    await once(worker, "message");
  }
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  });
  return { port, accept };
}
