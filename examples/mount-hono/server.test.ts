import { createServer as createNodeServer } from "node:http";

import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { it } from "vitest";

import { apiKey, createSender, expectToExplain, expectToWork, listening, webhooks } from "../mounted.ts";
import { createServer } from "./server.ts";

const serve = (app: Hono) => listening(createNodeServer(getRequestListener(app.fetch)).listen(0, "127.0.0.1"));
const create = () => createServer(createSender(), apiKey, webhooks);

it("sends a message and takes a signed webhook", async () => {
  await expectToWork(await serve(create()));
});

it("works behind a middleware that reads the body through Hono, which keeps it", async () => {
  const host = new Hono().use(async (c, next) => {
    await c.req.text();
    await next();
  });
  await expectToWork(await serve(host.route("/", create())));
});

it("says so behind a middleware that reads the request itself", async () => {
  const host = new Hono().use(async (c, next) => {
    await c.req.raw.text();
    await next();
  });
  await expectToExplain(await serve(host.route("/", create())));
});
