import { connect } from "node:net";

/** An answer as it came over a socket. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Writes requests to one connection, each after the answer to the one before. Ends with the last answer, or with the connection. */
export async function exchangeAll(port: number, requests: readonly (string | Buffer)[]): Promise<readonly RawAnswer[]> {
  const socket = connect(port, "127.0.0.1");
  let received = Buffer.alloc(0);
  let onChange: () => void = () => {};
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    onChange();
  });
  socket.on("error", () => {});
  socket.on("close", () => onChange());
  const answers: RawAnswer[] = [];
  for (const request of requests) {
    socket.write(request);
    for (;;) {
      const [answer, size] = firstAnswer(received);
      received = received.subarray(size);
      // 100 Continue is not yet the answer.
      if (answer?.status === 100) continue;
      if (answer) {
        answers.push(answer);
        break;
      }
      if (socket.destroyed) return answers;
      await new Promise<void>((resolve) => (onChange = resolve));
    }
  }
  socket.destroy();
  return answers;
}

function firstAnswer(bytes: Buffer): readonly [answer: RawAnswer | undefined, size: number] {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return [undefined, 0];
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const size = end + 4 + Number(headers["content-length"] ?? 0);
  if (bytes.length < size) return [undefined, 0];
  return [{ status: Number(statusLine.split(" ")[1]), headers, body: bytes.toString("utf8", end + 4, size) }, size];
}
