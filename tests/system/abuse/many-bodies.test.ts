import { connect, type Socket } from "node:net";

import { describe, expect, it, onTestFinished } from "vitest";

import { order, ours, theirs, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";
import { startApart } from "./start-abused.ts";
import { envelope, signed } from "./webhook-bodies.ts";

const server = useAbusedServer({}, startApart);
const megabyte = 1024 * 1024;

interface Client {
  readonly socket: Socket;
  answer(): string;
}

/** A client that writes, and reads whatever comes. */
function client(...pieces: readonly (string | Buffer)[]): Client {
  let answer = "";
  const socket = connect(server.port, "127.0.0.1").on("error", () => {});
  socket.on("data", (chunk) => (answer += String(chunk)));
  for (const piece of pieces) socket.write(piece);
  onTestFinished(() => void socket.destroy());
  return { socket, answer: () => answer };
}

async function expectOthersServed(): Promise<void> {
  expect((await server.send(order)).status).toBe(200);
  expect((await server.call(signed(envelope({ field: "x", value: {} })))).status).toBe(200);
  expect((await server.call({ method: "GET", path: "/readyz" })).status).toBe(200);
}

function formOf({ tenant_id, outlet_id } = ours): string {
  const field = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file =
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n';
  return field("tenant_id", tenant_id) + field("outlet_id", outlet_id) + file;
}

function uploadHead(length: number): string {
  return `POST /api/v1/media HTTP/1.1\r\nHost: localhost\r\n${server.keyLine}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: ${length}\r\n\r\n`;
}

describe(titleOf("bodies: many at once"), () => {
  it("webhooks without a signature are refused unread", async () => {
    const head = `POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${4 * megabyte}\r\n\r\n`;
    const clients = Array.from({ length: 100 }, () => client(head, "{"));
    for (const each of clients) await expect.poll(each.answer).toMatch(/^HTTP\/1\.1 401 /);
    await expectOthersServed();
  });

  it("of 40 webhooks that stall with 4 MB each, the oldest give way, and others are served", async () => {
    const head = `POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nX-Hub-Signature-256: sha256=${"0".repeat(64)}\r\nContent-Length: ${4 * megabyte}\r\n\r\n`;
    const most = Buffer.alloc(4 * megabyte - 10, " ");
    const clients = Array.from({ length: 40 }, () => client(head, most));
    const answered = () => clients.filter((each) => each.answer() !== "").map((each) => each.answer().slice(9, 12));
    // 64 MiB may arrive at once, which is 16 of them.
    await expect.poll(() => answered().length).toBeGreaterThanOrEqual(24);
    await expectOthersServed();
    await expect.poll(() => answered().length).toBe(40);
    for (const status of answered()) expect(["503", "408"]).toContain(status);
  });

  it("uploads that stall take the places of their own tenant only", async () => {
    const form = formOf();
    const stalled = Array.from({ length: 12 }, () => client(uploadHead(20 * megabyte), form, "%PDF-1.7"));
    const ended = () => stalled.filter((each) => /^HTTP\/1\.1 (?:408|503) /.test(each.answer()));
    await expect.poll(() => ended().length).toBeGreaterThanOrEqual(8);
    await expectOthersServed();
    const other = `${formOf(theirs)}%PDF-1.7\r\n--x--\r\n`;
    const answer = client(uploadHead(other.length), other).answer;
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("an upload that goes on behind its last boundary is answered, and no longer read", async () => {
    const whole = `${formOf(theirs)}%PDF-1.7\r\n--x--\r\n`;
    const { socket, answer } = client(uploadHead(100 * megabyte), whole);
    const more = Buffer.alloc(64 * 1024, "x");
    const write = (): void => {
      while (socket.writable && socket.write(more));
    };
    socket.on("drain", write);
    write();
    await expect.poll(() => answer() !== "" || socket.destroyed).toBe(true);
    if (answer() !== "") expect(answer()).toMatch(/^HTTP\/1\.1 4/);
    await expect.poll(() => socket.destroyed || !socket.writable).toBe(true);
    expect(socket.bytesWritten).toBeLessThan(100 * megabyte);
    await expectOthersServed();
  });
});
