import { Pool } from "undici";

import { run } from "../subject.ts";

/** The minimum that a client can do: one `undici.request` per message. */
await run(async ({ graphUrl }) => {
  const graph = new Pool(graphUrl, { connections: 256, allowH2: false });
  return {
    async send(number) {
      const answer = await graph.request({
        method: "POST",
        path: "/v25.0/106540352242922/messages",
        headers: { authorization: "Bearer EAAbench", "content-type": "application/json" },
        body: JSON.stringify({
          messaging_product: "whatsapp",
          to: `+62812${String(number).padStart(7, "0")}`,
          type: "text",
          text: { body: "Hello! Your order is ready." },
        }),
      });
      const { messages } = (await answer.body.json()) as { messages: { id: string }[] };
      if (!messages[0]?.id) throw new Error("not sent");
    },
  };
});
