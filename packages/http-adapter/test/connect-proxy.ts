import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

import { onTestFinished } from "vitest";

/** A tunnel of the proxy: the client's end, and the server's, which is there once the tunnel was opened. */
export interface Tunnel {
  readonly client: Socket;
  open(): Socket;
}

/** An HTTP proxy on loopback that knows CONNECT alone. `onConnect` may treat a request otherwise than opening its tunnel. */
export async function startConnectProxy(onConnect: (tunnel: Tunnel) => void = ({ open }) => void open()) {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    requests.push(request);
    client.on("error", () => {});
    onConnect({
      client,
      open() {
        const { hostname, port } = new URL(`http://${request.url}`);
        const target = connect(Number(port), hostname.replace(/^\[(.*)\]$/, "$1"));
        sockets.add(target);
        target.on("error", () => client.destroy());
        target.once("connect", () => client.write("HTTP/1.1 200 Connection Established\r\n\r\n"));
        client.pipe(target).pipe(client);
        client.once("close", () => target.destroy());
        target.once("close", () => client.destroy());
        return target;
      },
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
