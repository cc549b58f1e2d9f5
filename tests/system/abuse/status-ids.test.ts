import { describe, expect, it } from "vitest";

import { expectProblem, order, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();

const malformed: readonly string[] = [
  "..%2f",
  "..%2f..%2fetc%2fpasswd",
  "%2e%2e",
  "%2e%2e%2fsend",
  ".%00.",
  "%00",
  "a%00b",
  "%0d%0aX-Injected:%201",
  "%0a",
  "%1b[2J",
  "%c2%9b2J",
  "%e2%80%ae",
  "%e2%80%a8",
  "%",
  "%2",
  "%zz",
  "%u0041",
  "%c0%af",
  "%ff",
  "%ed%a0%80",
  "%25%32%66",
  "a%2fb",
  "a%5cb",
  "a%20b",
  "a%3fb",
  "a%23b",
  "a;b=c",
  "a,b",
  "*",
  "$(id)",
  "'%20OR%201=1--",
  "%22%20OR%20%22%22=%22",
  "{{7*7}}",
  "%24%7bjndi:ldap:%2f%2fexample.com%2fa%7d",
  "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
  "undefined",
  "null",
  "NaN",
  "-1",
  "0",
  "__proto__",
  "constructor",
  "00000000-0000-0000-0000-000000000000",
  "018f0000-0000-7000-8000-000000000000",
  "0".repeat(128),
  "0".repeat(129),
  "0".repeat(10_000),
  "%00".repeat(3000),
  "é",
  "😀",
];

describe(titleOf("status: malformed id"), () => {
  it.each(malformed.map((id) => [id.slice(0, 40), encoded(id)]))("%s", async (_, id) => {
    for (const [method, path] of [
      ["GET", `/api/v1/messages/${id}/status`],
      ["GET", `/api/v1/messages/${id}`],
      ["POST", `/api/v1/messages/${id}/resolve`],
    ] as const) {
      const body = method === "POST" ? JSON.stringify({ action: "abandon" }) : "";
      const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${server.keyLine}`;
      const answer = await server.exchange(
        `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      expect(answer, path).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(answer).toContain("application/problem+json");
      expect(answer.toLowerCase()).not.toMatch(/injected|script|passwd|jndi/);
    }
  });

  it("an id of nothing, or of a path that climbs, is no other route", async () => {
    for (const path of ["/api/v1/messages//status", "/api/v1/messages/../messages/send/status", "/api/v1/messages/"]) {
      const answer = await server.call({ method: "GET", path });
      expect([400, 404], path).toContain(answer.status);
      expectProblem(answer);
    }
  });

  it("the id of a message is exact", async () => {
    const id = String((await server.send(order)).json["message_id"]);
    for (const other of [
      id.toUpperCase(),
      `${id}%20`,
      `${id}%00`,
      id.replaceAll("-", ""),
      `{${id}}`,
      `urn:uuid:${id}`,
    ]) {
      if (other === id) continue;
      const answer = await server.call({ method: "GET", path: `/api/v1/messages/${other}/status` });
      expect([400, 404], other).toContain(answer.status);
    }
    expect((await server.call({ method: "GET", path: `/api/v1/messages/${id}/status` })).status).toBe(200);
  });
});

/** What does not fit into a request line in ASCII is percent-encoded. */
function encoded(id: string): string {
  return /^[\x21-\x7e]*$/.test(id) ? id : encodeURIComponent(id);
}
