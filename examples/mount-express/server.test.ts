import express from "express";
import { it } from "vitest";

import { apiKey, createSender, expectToExplain, expectToWork, listening, webhooks } from "../mounted.ts";
import { createServer } from "./server.ts";

const create = () => createServer(createSender(), apiKey, webhooks);

it("sends a message and takes a signed webhook", async () => {
  await expectToWork(await listening(create().listen(0, "127.0.0.1")));
});

it("works behind express.raw(), which keeps the bytes", async () => {
  const host = express().use(express.raw({ type: "*/*" }), create());
  await expectToWork(await listening(host.listen(0, "127.0.0.1")));
});

it.each([
  ["json", express.json()],
  ["text", express.text({ type: "*/*" })],
])("says so behind express.%s()", async (_, parser) => {
  const host = express().use(parser, create());
  await expectToExplain(await listening(host.listen(0, "127.0.0.1")));
});
