import { describe, expect, it } from "vitest";

import { answering, doctor, findingsOf, listen, problemsOf, tenantsFile, waba } from "../../support/doctor.ts";
import { startService } from "../../support/running-service.ts";

describe("webhooks, by a round trip:", () => {
  const secrets = { WHATSAPP_APP_SECRET: "canary-of-the-app", WHATSAPP_VERIFY_TOKEN: "canary-of-the-handshake" };

  it("the same secrets, another secret, another verify token, and a wrong path", async () => {
    const { url } = await startService({ environment: secrets });
    const public_ = ["--webhook-url", `${url}/webhooks/whatsapp`];
    const around = tenantsFile({ o: waba });
    const find = async (change: object, args: readonly string[] = public_) =>
      problemsOf(await doctor({ ...around, ...secrets, ...change }, args));
    expect(await find({})).toEqual([]);
    expect(await find({ MESSAGE_SENDER_URL: url }, [])).toEqual([]);
    // With the settings of the server alone: its URL is that of HOST and PORT.
    const { port } = new URL(url);
    expect(await find({ PORT: port }, [])).toEqual([]);
    const another = await listen((_, response) => response.end("<!doctype html>"));
    expect(await find({ PORT: port, MESSAGE_SENDER_URL: another }, [])).toEqual([]);
    const api = await listen(answering({}, 404));
    expect(await find({ PORT: port, MESSAGE_SENDER_URL: api }, [])).toEqual([]);
    expect(await find({ PORT: port, WHATSAPP_VERIFY_TOKEN: "canary" }, [])).toEqual([
      "WHATSAPP_VERIFY_TOKEN is not the one that the server has",
    ]);
    expect(findingsOf(await doctor({ ...around, ...secrets, WHATSAPP_APP_SECRET: "canary-another" }, public_))).toEqual(
      [
        "failed: WHATSAPP_APP_SECRET is not one that the server accepts → set WHATSAPP_APP_SECRET of the server to the app secret in the app's dashboard, and restart it",
      ],
    );
    expect(await find({ WHATSAPP_APP_SECRET: "canary-of-the-app,canary-next" })).toEqual([
      "secret 2 of WHATSAPP_APP_SECRET is not one that the server accepts",
    ]);
    expect(await find({ WHATSAPP_VERIFY_TOKEN: "canary" }, public_)).toEqual([
      "WHATSAPP_VERIFY_TOKEN is not the one that the server has",
    ]);
    expect(await find({}, ["--webhook-url", `${url}/elsewhere`])).toEqual([
      "there is nothing that receives webhooks (HTTP 404)",
    ]);
  });
});

it("the webhooks' URL that WhatsApp has, whose query is not shown", async () => {
  const receiver = await listen(answering({}, 403));
  const webhook_configuration = { application: `${receiver}/hooks?key=canary` };
  const graph = await listen(answering({ status: "CONNECTED", webhook_configuration }));
  const { waba_id: _, ...outlet } = waba;
  const result = await doctor({
    ...tenantsFile({ o: outlet }),
    GRAPH_API_URL: graph,
    WHATSAPP_APP_SECRET: "canary-of-the-app",
    WHATSAPP_VERIFY_TOKEN: "canary-of-the-handshake",
  });
  expect(result.found.map(({ name }) => name)).toEqual([
    `webhooks at ${receiver}/hooks`,
    `webhooks at ${receiver}/hooks`,
  ]);
  expect(problemsOf(result)).toEqual([
    "WHATSAPP_VERIFY_TOKEN is not the one that the server has",
    "WHATSAPP_APP_SECRET is not one that the server accepts",
  ]);
});
