import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { Pool } from "undici";

import { run } from "../subject.ts";

/** The minimum that a server can do: read JSON, make one call, answer JSON. */
await run(async ({ graphUrl }) => {
  const graph = new Pool(graphUrl, { connections: 256, allowH2: false });
  const app = new Hono();
  app.post("/api/v1/messages/send", async (c) => {
    const { to, message } = await c.req.json<{ to: string; message: string }>();
    const answer = await graph.request({
      method: "POST",
      path: "/v25.0/106540352242922/messages",
      headers: { authorization: "Bearer EAAbench", "content-type": "application/json" },
      body: JSON.stringify({ messaging_product: "whatsapp", to, type: "text", text: { body: message } }),
    });
    const { messages } = (await answer.body.json()) as { messages: { id: string }[] };
    return c.json({ whatsapp_message_id: messages[0]?.id });
  });
  const url = await new Promise<string>((resolve) => {
    serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}`));
  });
  return { url };
});
