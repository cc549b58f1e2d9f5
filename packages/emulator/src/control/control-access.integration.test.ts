import { connect } from "node:net";

import { describe, expect, test } from "vitest";

import { openSandbox } from "../../test/open-sandbox.ts";
import type { SandboxOptions } from "../sandbox/sandbox-options.ts";

async function sandboxWith(options: SandboxOptions = {}) {
  const sandbox = await openSandbox(options);
  const ports = [sandbox.graphUrl, sandbox.tenantUrl, sandbox.conversationUrl].map((url) => Number(new URL(url).port));

  /** Sends a request to each of the three services, and returns the statuses of their answers. */
  async function ask(
    method: string,
    target: string,
    headers: readonly string[],
    body = "",
  ): Promise<readonly number[]> {
    const head = [`${method} ${target} HTTP/1.1`, ...headers, `Content-Length: ${body.length}`, "Connection: close"];
    const text = `${head.join("\r\n")}\r\n\r\n${body}`;
    return Promise.all(ports.map((port) => statusOf(port, text)));
  }
  return { sandbox, ask };
}

function statusOf(port: number, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setTimeout(60_000, () => socket.destroy());
    socket.on("error", reject);
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])));
  });
}

const all = (status: number) => [status, status, status];
const reset = "/__emulator/reset";

describe("the control API", () => {
  test.each(["localhost:4000", "127.0.0.1", "127.3.2.1:80", "[::1]:4000", "LOCALHOST", "emulator:4000"])(
    "answers under a loopback name or an allowed one: %s",
    async (host) => {
      const { ask } = await sandboxWith({ allowedHosts: ["Emulator"] });
      expect(await ask("GET", "/__emulator", [`Host: ${host}`])).toEqual(all(200));
      expect(await ask("POST", reset, [`Host: ${host}`, `Origin: http://${host}`])).toEqual(all(204));
    },
  );

  test.each(["evil.example", "emulator:4000", "127.0.0.1.nip.io", "0.0.0.0", "169.254.169.254"])(
    "cannot be read or changed under another name: %s",
    async (host) => {
      const { ask } = await sandboxWith();
      for (const path of ["/__emulator", "/__emulator/requests", "/__emulator/webhooks", "/__emulator/none"]) {
        expect(await ask("GET", path, [`Host: ${host}`]), path).toEqual(all(403));
      }
      const target = JSON.stringify({ url: "http://127.0.0.1:1", appSecret: "x" });
      expect(await ask("PUT", "/__emulator/webhooks", [`Host: ${host}`], target)).toEqual(all(403));
      expect(await ask("POST", reset, [`Host: ${host}`])).toEqual(all(403));
    },
  );

  test.each(["https://evil.example", "null", "", "http://localhost.evil.example"])(
    "cannot be changed by a page of another site, whatever the content type: %j",
    async (origin) => {
      const { ask } = await sandboxWith();
      const fault = JSON.stringify({ target: "graph", trigger: { next: 1 }, effect: { status: 503 } });
      for (const type of ["application/json", "text/plain"]) {
        const headers = ["Host: localhost", `Origin: ${origin}`, `Content-Type: ${type}`];
        expect(await ask("POST", "/__emulator/faults", headers, fault)).toEqual(all(403));
        expect(await ask("DELETE", "/__emulator/faults", headers)).toEqual(all(403));
      }
    },
  );

  test.each([
    ["Sec-Fetch-Site: cross-site"],
    ["Sec-Fetch-Site: same-site", "Origin: http://localhost:3000"],
    ["Origin: http://localhost:3000"],
    ["Referer: https://evil.example/"],
  ])("cannot be changed by a page of another origin that hides it, or of this machine: %s", async (...said) => {
    const { ask } = await sandboxWith();
    for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
      expect(await ask("POST", reset, ["Host: localhost", `Content-Type: ${type}`, ...said])).toEqual(all(403));
    }
  });

  test("is changed by a program, such as curl, whatever the content type, and by a page of its own", async () => {
    const { ask } = await sandboxWith();
    const curl = ["Host: localhost", "Content-Type: application/x-www-form-urlencoded"];
    expect(await ask("POST", reset, curl)).toEqual(all(204));
    expect(await ask("POST", reset, ["Host: localhost", "Sec-Fetch-Site: same-origin"])).toEqual(all(204));
  });

  test("cannot be reached through a second Host header or an absolute request target", async () => {
    const { ask } = await sandboxWith();
    expect(await ask("POST", reset, ["Host: localhost", "Host: evil.example"])).toEqual(all(400));
    expect(await ask("POST", `http://evil.example${reset}`, ["Host: localhost"])).toEqual([400, 404, 404]);
  });
});

test("the services answer under any name, such as a container's", async () => {
  const { sandbox } = await sandboxWith();
  const ask = (url: string, path: string, ...headers: readonly string[]) =>
    statusOf(Number(new URL(url).port), [`GET ${path} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n"));
  expect(await ask(sandbox.tenantUrl, "/api/v1/tenants/t/quota", "Host: tenants:4001")).toBe(200);
  expect(await ask(sandbox.conversationUrl, "/api/v1/conversations/c/messages", "Host: chats:4002")).toBe(200);
});
