import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { beforeAll, describe, expect, it } from "vitest";

import { order, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";
import { signatureOf } from "./webhook-bodies.ts";

const server = useAbusedServer();
const body = JSON.stringify(order);
const head = (length = body.length) =>
  `POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${server.keyLine}Content-Length: ${length}\r\n\r\n`;
const health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

const onLinux = process.platform === "linux";

/** Longer than a request may take to arrive. */
const tooLongMs = 11_000;

/** A piece every 300 ms for longer than a request may take. */
function trickle(piece: string): readonly (string | number)[] {
  return Array.from({ length: Math.ceil(tooLongMs / 300) }, () => [piece, 300]).flat();
}

function statusesIn(answer: string): readonly number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** The sockets that the process holds, where the system shows them. */
function descriptors(): number {
  return readdirSync(`/proc/${server.process.child.pid}/fd`).length;
}

let descriptorsBefore = 0;
beforeAll(() => {
  if (onLinux) descriptorsBefore = descriptors();
});

describe.concurrent("clients that are slow or broken", () => {
  describe(titleOf("send: too slow"), () => {
    it.each<readonly [string, () => readonly (string | number)[]]>([
      ["a byte of the body every 300 ms", () => [head(5000), ...trickle(" ")]],
      ["a byte of a chunk every 300 ms", () => [head(), ...trickle(" ")].map((piece) => chunkedHead(piece))],
      [
        "a byte of the head every 300 ms",
        () => ["POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", ...trickle("x")],
      ],
      [
        "a header every 300 ms",
        () => ["POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\n", ...trickle("X-Slow: 1\r\n")],
      ],
      ["half of the request line", () => ["POST /api/v1", tooLongMs]],
      ["half of a body", () => [head(), body.slice(0, 50), tooLongMs]],
      ["a body that never begins", () => [head(), tooLongMs]],
      ["a webhook whose body never ends", () => [webhookHead(), ...trickle(" ")]],
    ])("%s", async (_, pieces) => {
      const answer = await server.exchange(...pieces());
      expect(statusesIn(answer)).toEqual([408]);
      expect(answer).toContain("application/problem+json");
    });

    it("of 200 at once each gets 408, and 50 others are served meanwhile", async () => {
      const slow = Array.from({ length: 200 }, () => server.exchange(head(5000), ...trickle(" ")));
      await sleep(2000);
      for (let number = 0; number < 50; number += 1) expect((await server.send(order)).status).toBe(200);
      for (const answer of await Promise.all(slow)) expect(statusesIn(answer)).toEqual([408]);
    });

    function chunkedHead(piece: string | number): string | number {
      if (typeof piece === "number") return piece;
      return piece === " " ? "1\r\n \r\n" : piece.replace(/Content-Length: \d+/, "Transfer-Encoding: chunked");
    }

    function webhookHead(): string {
      const signature = `X-Hub-Signature-256: ${signatureOf(body)}`;
      return `POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\n${signature}\r\nContent-Length: 5000\r\n\r\n`;
    }
  });

  describe(titleOf("connection: after a fault"), () => {
    it("the rest of a request that got 408 is not processed, and nothing after it", async () => {
      const text = JSON.stringify({ ...order, reference: "after a time-out" });
      const whole = head(text.length) + text;
      const answers = await Promise.all([
        server.exchange(whole.slice(0, -20), tooLongMs, whole.slice(-20) + whole),
        server.exchange(whole.slice(0, 40), tooLongMs, whole.slice(40) + whole),
      ]);
      for (const answer of answers) expect(statusesIn(answer)).toEqual([408]);
    });

    it("a request before a stalled one gets its own answer first", async () => {
      const answer = await server.exchange(health + head() + body.slice(0, 20), tooLongMs);
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
      const [behind = 0, ...none] = statusesIn(await server.exchange(junk, tooLongMs));
      expect([behind >= 400 && behind < 500, none]).toEqual([true, []]);
      const [answered, fault, ...more] = statusesIn(await server.exchange(health + junk, tooLongMs));
      expect([answered, fault, more]).toEqual([200, behind, []]);
    });

    it("a request that is broken in its body is not sent", async () => {
      const text = JSON.stringify({ ...order, reference: "broken" });
      const requestHead = head().replace(/Content-Length: \d+/, "Transfer-Encoding: chunked");
      const chunk = `${text.length.toString(16)}\r\n${text}\r\n`;
      for (const end of ["zz\r\n", "-1\r\n", "1\r\nab\r\n", "0\r\nX\r\n\r\n"]) {
        expect(statusesIn(await server.exchange(requestHead + chunk + end, tooLongMs)), end).toEqual([400]);
      }
      expect(server.sandbox.graph.messages.filter(({ body: { reference } }) => reference === "broken")).toEqual([]);
    });

    it("clients that keep their half open are disconnected", async () => {
      const beginnings = ["POST /api", head() + body.slice(0, 20), "junk\r\n\r\n"];
      const clients = Array.from({ length: 90 }, (_, number) =>
        server.exchange(beginnings[number % beginnings.length] ?? "", tooLongMs),
      );
      for (const answer of await Promise.all(clients)) expect(answer).toMatch(/^HTTP\/1\.1 4/);
    });
  });
});

it.runIf(onLinux)("none of these clients leaves a descriptor behind", async () => {
  await expect.poll(descriptors, { interval: 100 }).toBeLessThanOrEqual(descriptorsBefore + 5);
});
