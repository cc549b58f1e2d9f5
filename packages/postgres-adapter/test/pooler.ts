import { type AddressInfo, createServer, type Socket } from "node:net";

import pg from "pg";

export interface Pooler {
  readonly url: string;
  /** How many transactions ran on another server connection than the client's transaction before. */
  readonly moves: number;
  close(): Promise<void>;
}

const sslRequest = 80_877_103;
const terminate = "X";
const readyForQuery = "Z";
const idle = "I";

/**
 * A pooler in transaction mode, like PgBouncer: it refuses settings at the start of a connection, and gives a client one of
 * its few server connections for each transaction, rarely the same twice.
 */
export async function startPooler(target: string, { connections = 3 } = {}): Promise<Pooler> {
  const servers = await Promise.all(Array.from({ length: connections }, () => connectTo(target)));
  const free = [...servers];
  const waiting: ((server: Socket) => void)[] = [];
  const clients = new Set<Socket>();
  let moves = 0;

  function take(use: (server: Socket) => void): void {
    const server = free.shift();
    if (server) use(server);
    else waiting.push(use);
  }

  function give(server: Socket): void {
    const next = waiting.shift();
    if (next) next(server);
    else free.push(server);
  }

  const listener = createServer({ noDelay: true }, (client) => {
    clients.add(client.on("error", () => {}).on("close", () => clients.delete(client)));
    let last: Socket | undefined;
    let server: Socket | undefined;
    let isAsking = false;
    let unanswered: Buffer[] = [];
    let isStarted = false;

    function forward(message: Buffer): void {
      if (server) return void server.write(message);
      unanswered.push(message);
      if (isAsking) return;
      isAsking = true;
      take((taken) => {
        isAsking = false;
        server = taken;
        if (last && last !== taken) moves += 1;
        last = taken;
        taken.on(
          "data",
          framed((type, answer) => {
            client.write(answer);
            if (type !== readyForQuery || String.fromCharCode(answer[5] ?? 0) !== idle) return;
            taken.removeAllListeners("data");
            server = undefined;
            give(taken);
          }),
        );
        for (const each of unanswered) taken.write(each);
        unanswered = [];
      });
    }

    const onMessage = framed((type, message) => (type === terminate ? client.end() : forward(message)));
    client.on("data", (chunk) => {
      if (isStarted) return onMessage(chunk);
      if (chunk.readInt32BE(4) === sslRequest) return void client.write("N");
      const unknown = parametersOf(chunk).find((name) => !known.has(name.toLowerCase()));
      if (unknown !== undefined) return void client.end(refusal(`unsupported startup parameter: ${unknown}`));
      isStarted = true;
      client.write(Buffer.concat([welcome, keyData(), ready]));
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));

  const url = new URL(target);
  url.port = String((listener.address() as AddressInfo).port);
  return {
    url: url.href,
    get moves() {
      return moves;
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of [...clients, ...servers]) socket.destroy();
      await closed;
    },
  };
}

/** The socket of a connection that is logged in. */
async function connectTo(target: string): Promise<Socket> {
  const client = new pg.Client(target);
  client.on("error", () => {});
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners("data");
  return stream.setNoDelay(true);
}

/** Calls back for each complete message of the protocol. */
function framed(onMessage: (type: string, message: Buffer) => void): (chunk: Buffer) => void {
  let left: Buffer = Buffer.alloc(0);
  return (chunk) => {
    left = Buffer.concat([left, chunk]);
    while (left.length >= 5 && left.length > left.readInt32BE(1)) {
      const length = left.readInt32BE(1) + 1;
      const message = left.subarray(0, length);
      left = left.subarray(length);
      onMessage(String.fromCharCode(message[0] ?? 0), message);
    }
  };
}

/** What PgBouncer accepts at the start of a connection, unless it is configured to ignore more. */
const known = new Set([
  "user",
  "database",
  "client_encoding",
  "datestyle",
  "timezone",
  "standard_conforming_strings",
  "application_name",
]);

/** The names of the parameters in the message that starts a connection. */
function parametersOf(start: Buffer): readonly string[] {
  const fields = start.toString("utf8", 8, start.readInt32BE(0)).split("\0");
  return fields.filter((name, index) => index % 2 === 0 && name !== "");
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const welcome = message("R", Buffer.alloc(4));
const ready = message(readyForQuery, Buffer.from(idle));

/** Invented, like a pooler's: it belongs to no server connection. */
function keyData(): Buffer {
  return message("K", Buffer.from([0x7f, 0, 0, 1, 0, 0, 0, 1]));
}

function refusal(text: string): Buffer {
  return message("E", Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${text}\0\0`));
}
