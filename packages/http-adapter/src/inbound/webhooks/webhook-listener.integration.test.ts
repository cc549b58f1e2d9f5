import { Secret } from "@message-sender/core";
import { describe, expect, it } from "vitest";

import { appSecrets, createTestApp, order } from "../../../test/app.ts";
import { exchangeAll } from "../../../test/http-exchange.ts";
import { observe, start } from "../../../test/ways.ts";
import { statusWebhook, webhook, webhookCases } from "../../../test/webhook-cases.ts";
import { createWebhookApp } from "../index.ts";
import { directAnswersOf, setDirectAnswers } from "../requests/direct-answers.ts";
import type { FetchApp } from "../server/node-handler.ts";

describe("a webhook is answered alike by the server and by the app", () => {
  it.each(Object.entries(webhookCases))("%s", async (_, asked) => {
    const direct = await observe(asked, "direct");
    const app = await observe(asked, "app");
    expect(direct.seen).toEqual(app.seen);
    expect(direct.fetched === app.fetched ? "app" : "direct").toBe(asked.by);
  });
});

it("is answered straight from the server by an app for webhooks alone", async () => {
  const { sender, send } = createTestApp();
  await send(order);
  const secrets = { appSecrets: appSecrets.map((secret) => new Secret(secret)), verifyToken: new Secret("verify-me") };
  const answers = directAnswersOf(createWebhookApp({ sender, ...secrets }));
  const unasked: FetchApp = {
    fetch() {
      throw new Error("The app is asked.");
    },
  };
  if (answers) setDirectAnswers(unasked, answers);
  const { port } = await start(unasked);
  const [answer] = await exchangeAll(port, [webhook(statusWebhook("read"))]);
  expect(answer).toMatchObject({ status: 200, body: '{"applied":1,"parked":0,"unmatched":0,"kept":0}' });
});
