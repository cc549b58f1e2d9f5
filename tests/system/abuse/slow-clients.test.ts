import { readdirSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { afterAnswer, order, type Piece, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";
import { startApart } from "./start-abused.ts";
import { signatureOf } from "./webhook-bodies.ts";

const server = useAbusedServer({}, startApart);
const body = JSON.stringify(order);
const head = (length = body.length) =>
  `POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${server.keyLine}Content-Length: ${length}\r\n\r\n`;
const health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

const onLinux = process.platform === "linux";

function statusesIn(answer: string): readonly number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** The sockets that the process holds, where the system shows them. */
function descriptors(): number {
  return readdirSync(`/proc/${server.pid}/fd`).length;
}

let descriptorsBefore = 0;
beforeAll(() => {
  if (onLinux) descriptorsBefore = descriptors();
});

describe.concurrent("clients that are slow or broken", () => {
  describe(titleOf("send: too slow"), () => {
    it.each<readonly [string, () => Piece]>([
      ["half of the request line", () => "POST /api/v1"],
      ["half of a head", () => head().slice(0, 60)],
      ["half of a body", () => head() + body.slice(0, 50)],
      ["a body that never begins", () => head()],
      ["a chunk that never ends", () => `${chunkedHead()}5000\r\n${body}`],
      ["a webhook whose body never ends", () => `${webhookHead()}{`],
    ])("%s: 408", async (_, piece) => {
      const answer = await server.exchange(piece());
      expect(statusesIn(answer)).toEqual([408]);
      expect(answer).toContain("application/problem+json");
    });

    it.each<readonly [string, () => readonly Piece[]]>([
      ["a byte of the body", () => [head(5000), { every: " " }]],
      ["a byte of a chunk", () => [chunkedHead(), { every: "1\r\n \r\n" }]],
      ["a byte of the head", () => [`${requestLine}X-Slow: `, { every: "x" }]],
      ["a header", () => [requestLine, { every: "X-Slow: 1\r\n" }]],
      ["a byte of a webhook", () => [webhookHead(), { every: " " }]],
    ])("%s every 300 ms: 408", async (_, pieces) => {
      expectTimeOut(await server.exchange(...pieces()));
    });

    it("of 200 at once each gets 408, and 50 others are served meanwhile", async () => {
      const slow = Array.from({ length: 200 }, () => server.exchange(head(5000), { every: " " }));
      for (let number = 0; number < 50; number += 1) expect(await statusOfSend()).toBe(200);
      for (const answer of await Promise.all(slow)) expectTimeOut(answer);
    });

    const requestLine = "POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\n";
    const chunkedHead = () => head().replace(/Content-Length: \d+/, "Transfer-Encoding: chunked");
    const webhookHead = () =>
      `POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nX-Hub-Signature-256: ${signatureOf(body)}\r\nContent-Length: 5000\r\n\r\n`;

    /** On a busy machine, the test's own Tenant Service may answer too late: the send is then repeated. */
    async function statusOfSend(): Promise<number> {
      const { status } = await server.send(order);
      return status === 503 ? statusOfSend() : status;
    }

    /** A client that goes on writing after its answer may lose the answer when the connection is reset. */
    function expectTimeOut(answer: string): void {
      expect(statusesIn(answer)).toEqual(answer === "" ? [] : [408]);
    }
  });

  describe(titleOf("connection: after a fault"), () => {
    it("the rest of a request that got 408 is not processed, and nothing after it", async () => {
      const text = JSON.stringify({ ...order, reference: "after a time-out" });
      const whole = head(text.length) + text;
      const answers = await Promise.all([
        server.exchange(whole.slice(0, -20), afterAnswer, whole.slice(-20) + whole),
        server.exchange(whole.slice(0, 40), afterAnswer, whole.slice(40) + whole),
      ]);
      for (const answer of answers) expect(statusesIn(answer)).toEqual([408]);
    });

    it("a request before a stalled one gets its own answer first", async () => {
      const answer = await server.exchange(health + head() + body.slice(0, 20));
      expect(statusesIn(answer)).toEqual([200, 408]);
    });

    it.each([
      ["a byte", "X"],
      ["a line that is no request", "junk\r\n\r\n"],
      ["NULs", "\u0000\u0000\u0000\u0000"],
      ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n"],
      ["a TLS hello", "\u0016\u0003\u0001\u0000\u0005hello"],
      ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
      ["CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n"],
      ["a head that is too large", `GET / HTTP/1.1\r\nX: ${"x".repeat(40_000)}\r\n\r\n`],
      ["a length that is none", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n"],
      ["a space before a colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"],
    ])("junk behind a request: %s", async (_, junk) => {
      const [behind = 0, ...none] = statusesIn(await server.exchange(junk));
      expect([behind >= 400 && behind < 500, none]).toEqual([true, []]);
      const [answered, fault, ...more] = statusesIn(await server.exchange(health + junk));
      expect([answered, fault, more]).toEqual([200, behind, []]);
    });

    it("a request that is broken in its body is not sent", async () => {
      const text = JSON.stringify({ ...order, reference: "broken" });
      const requestHead = head().replace(/Content-Length: \d+/, "Transfer-Encoding: chunked");
      const chunk = `${text.length.toString(16)}\r\n${text}\r\n`;
      for (const end of ["zz\r\n", "-1\r\n", "1\r\nab\r\n", "0\r\nX\r\n\r\n"]) {
        expect(statusesIn(await server.exchange(requestHead + chunk + end)), end).toEqual([400]);
      }
      expect(server.sandbox.graph.messages.filter(({ body: { reference } }) => reference === "broken")).toEqual([]);
    });

    it("clients that keep their half open are disconnected", async () => {
      const beginnings = ["POST /api", head() + body.slice(0, 20), "junk\r\n\r\n"];
      const clients = Array.from({ length: 90 }, (_, number) =>
        server.exchange(beginnings[number % beginnings.length] ?? ""),
      );
      for (const answer of await Promise.all(clients)) expect(answer).toMatch(/^HTTP\/1\.1 4/);
    });
  });
});

it.runIf(onLinux)("none of these clients leaves a descriptor behind", async () => {
  await expect.poll(descriptors, { interval: 100 }).toBeLessThanOrEqual(descriptorsBefore + 5);
});
