import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import { doctor, findingsOf, tenantsFile } from "../../support/doctor.ts";

/** Refuses to connect anybody. */
async function refusingProxy() {
  const asked: string[] = [];
  const server = createServer().listen(0, "127.0.0.1");
  server.on("connect", ({ url, headers }, socket) => {
    asked.push(`${url} ${headers["proxy-authorization"]}`);
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return { asked, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Nothing listens there. */
const whatsApp = "https://127.0.0.1:9";
const find = async (settings: Record<string, string>) =>
  findingsOf(await doctor({ ...tenantsFile({}), GRAPH_API_URL: whatsApp, ...settings }))[0];
const advice = " → check GRAPH_API_URL, HTTPS_PROXY and the firewall";

it("a proxy that refuses, and one that cannot be reached", async () => {
  const { asked, host } = await refusingProxy();
  expect(await find({ HTTPS_PROXY: `http://sender:canary%21@${host}` })).toBe(
    `failed: cannot be reached through HTTPS_PROXY (the proxy answered HTTP 407)${advice}`,
  );
  expect(asked).toEqual([`127.0.0.1:9 Basic ${Buffer.from("sender:canary!").toString("base64")}`]);
  expect(await find({ HTTPS_PROXY: "http://127.0.0.1:9" })).toBe(
    `failed: cannot be reached through HTTPS_PROXY (ECONNREFUSED)${advice}`,
  );
});

it.each(["127.0.0.1", "127.0.0.1:9", "127.0.0.0/8", "10.0.0.0/8, 127.0.0.0/30", "*"])(
  "calls directly what NO_PROXY names, as the server does: %s",
  async (NO_PROXY) => {
    const { asked, host } = await refusingProxy();
    expect(await find({ HTTPS_PROXY: `http://${host}`, NO_PROXY })).toBe(
      `failed: cannot be reached (ECONNREFUSED)${advice}`,
    );
    expect(asked).toEqual([]);
  },
);
