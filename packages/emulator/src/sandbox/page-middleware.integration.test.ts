import { connect } from "node:net";

import { expect, test } from "vitest";

import { openSandbox } from "../../test/open-sandbox.ts";

/** The status of an answer to a request that is written as it stands. */
function ask(url: string, method: string, path: string, ...headers: readonly string[]): Promise<number> {
  const text = [`${method} ${path} HTTP/1.1`, ...headers, "Content-Length: 0", "Connection: close", "", ""].join(
    "\r\n",
  );
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    socket.on("error", reject);
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])));
  });
}

const act = "/__emulator/page/act/reset";

test("the page is at / of WhatsApp, and of no other service", async () => {
  const { graphUrl, tenantUrl, graph } = await openSandbox();
  const page = await fetch(graphUrl);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  const [, file = ""] = /<link rel="stylesheet" href="([^"]+)"/.exec(await page.text()) ?? [];
  expect((await fetch(graphUrl + file)).headers.get("content-type")).toBe("text/css; charset=utf-8");
  expect((await fetch(tenantUrl)).headers.get("content-type")).not.toContain("text/html");
  expect((await fetch(graphUrl, { method: "POST" })).headers.get("content-type")).toContain("application/json");
  expect(graph.requests.length).toBeLessThan(2);
});

test("the page is neither shown nor changed under another host's name", async () => {
  const { graphUrl } = await openSandbox();
  for (const host of ["evil.example", "127.0.0.1.nip.io"]) {
    expect(await ask(graphUrl, "GET", "/", `Host: ${host}`)).toBe(403);
    expect(await ask(graphUrl, "GET", "/?view=webhooks", `Host: ${host}`)).toBe(403);
    expect(await ask(graphUrl, "GET", "/__emulator/page/live", `Host: ${host}`)).toBe(403);
    expect(await ask(graphUrl, "POST", act, `Host: ${host}`, `Origin: http://${host}`)).toBe(403);
  }
  expect(await ask(graphUrl, "GET", "/", "Host: localhost")).toBe(200);
});

test("a form of another page of this machine is refused, and one of the page itself taken", async () => {
  const { graphUrl } = await openSandbox();
  const host = `Host: ${new URL(graphUrl).host}`;
  const type = "Content-Type: application/x-www-form-urlencoded";
  expect(await ask(graphUrl, "POST", act, host, type, "Origin: http://127.0.0.1:1")).toBe(403);
  expect(await ask(graphUrl, "POST", act, host, type, `Origin: ${graphUrl}`, "Sec-Fetch-Site: same-site")).toBe(403);
  expect(await ask(graphUrl, "POST", act, host, type, `Origin: ${graphUrl}`)).toBe(303);
});

test("a message that is sent is in the stream of its chat", async () => {
  const { graphUrl } = await openSandbox();
  const gone = new AbortController();
  const stream = await fetch(`${graphUrl}/__emulator/page/live?chat=123/628123456`, { signal: gone.signal });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  await fetch(`${graphUrl}/v25.0/123/messages`, {
    method: "POST",
    headers: { authorization: "Bearer any", "content-type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "628123456", text: { body: "Hello from curl" } }),
  });
  while (!seen.includes("Hello from curl")) seen += (await reader.read()).value ?? "";
  gone.abort();
});
