import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { openSandbox, sendAccepted } from "../../test/open-sandbox.ts";

/** An endpoint that consents to `hub.challenge` for the token `good`, and counts the webhooks that it gets. */
async function endpoint() {
  let received = 0;
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://localhost");
    if (request.method === "POST") received += 1;
    const isRefused = request.method === "GET" && searchParams.get("hub.verify_token") !== "good";
    request
      .resume()
      .on("end", () => response.writeHead(isRefused ? 403 : 200).end(searchParams.get("hub.challenge") ?? ""));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    /** How many webhooks came since it was asked the last time. */
    came() {
      const count = received;
      received = 0;
      return count;
    },
  };
}

async function open() {
  const ofApp = await endpoint();
  const own = await endpoint();
  const outlet = (number: string, waba: string) => ({
    waba_access_token: "EAAtoken",
    phone_number_id: number,
    waba_id: waba,
  });
  const sandbox = await openSandbox({
    tenants: { t: { outlets: { a: outlet("11", "90"), b: outlet("12", "91") } } },
    webhooks: { url: ofApp.url, appSecret: "s3cret", statuses: ["sent"] },
  });
  const call = async (method: string, path: string, body: object = {}) => {
    const headers = { authorization: "Bearer EAAtoken", "content-type": "application/json" };
    const init = { method, headers, body: JSON.stringify(body) };
    return (await (await fetch(`${sandbox.graphUrl}/v25.0/${path}`, init)).json()) as Record<string, unknown>;
  };
  /** Where the webhooks of one message of each number arrive: at the app's endpoint, and at the own one. */
  const arrivals = async () => {
    for (const number of ["11", "12"]) await sendAccepted(sandbox, {}, number);
    await sandbox.webhooks.idle();
    return [ofApp.came(), own.came()];
  };
  return { sandbox, call, arrivals, own };
}

test("an account's webhooks go to its own URL once the URL has consented, and nowhere without a subscription", async () => {
  const { sandbox, call, arrivals, own } = await open();
  expect(await arrivals()).toEqual([2, 0]);
  const override = { override_callback_uri: own.url, verify_token: "good" };
  expect(await call("POST", "90/subscribed_apps", { ...override, verify_token: "bad" })).toMatchObject({
    error: { code: 2200, message: expect.stringContaining("403") },
  });
  expect(await arrivals()).toEqual([2, 0]);
  expect(await call("POST", "90/subscribed_apps", override)).toMatchObject({ success: true });
  expect(await arrivals()).toEqual([1, 1]);
  await call("DELETE", "90/subscribed_apps");
  expect(await arrivals()).toEqual([1, 0]);
  await call("POST", "90/subscribed_apps");
  expect(await arrivals()).toEqual([2, 0]);
  await call("POST", "90/subscribed_apps", override);
  sandbox.reset();
  expect(await arrivals()).toEqual([2, 0]);
});

test("a number's webhooks go to its own URL, until it is taken back", async () => {
  const { call, arrivals, own } = await open();
  const configure = (url: string) =>
    call("POST", "11", { webhook_configuration: { override_callback_uri: url, verify_token: "good" } });
  expect(await configure("nowhere")).toMatchObject({ error: { code: 100 } });
  expect(await configure(own.url)).toEqual({ success: true });
  expect(await arrivals()).toEqual([1, 1]);
  await configure("");
  expect(await arrivals()).toEqual([2, 0]);
});
