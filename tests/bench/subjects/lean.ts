import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Pool } from "undici";

import { answerText } from "../answer-text.ts";
import { bodyOf } from "../body-of.ts";
import { run } from "../subject.ts";

/** The floor: the work of the pass-through without a framework, on `node:http` and `dispatch`. */
await run(async ({ graphUrl }) => {
  const graph = new Pool(graphUrl, { connections: 256, allowH2: false });
  const server = createServer(async (request, response) => {
    const { to, message } = JSON.parse(await bodyOf(request)) as { to: string; message: string };
    const answer = await answerText(graph, {
      method: "POST",
      path: "/v25.0/106540352242922/messages",
      headers: ["authorization", "Bearer EAAbench", "content-type", "application/json"],
      body: JSON.stringify({ messaging_product: "whatsapp", to, type: "text", text: { body: message } }),
    });
    const { messages } = JSON.parse(answer.text) as { messages: { id: string }[] };
    const text = JSON.stringify({ whatsapp_message_id: messages[0]?.id });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
