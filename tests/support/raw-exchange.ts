import { once } from "node:events";
import { connect } from "node:net";

/** Sends a request as these bytes, on a connection of its own. Returns all bytes of the answer. */
export async function rawExchange(url: string, head: string, body = ""): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  const closed = once(socket, "close");
  await once(socket, "connect");
  socket.write(`${head}\r\n\r\n${body}`);
  await closed;
  return Buffer.concat(chunks).toString("latin1");
}
