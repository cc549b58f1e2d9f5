import { expected } from "../expect.ts";
import { start, type Terminal } from "../shell.ts";

/** WhatsApp, emulated by the command. */
export interface WhatsApp {
  readonly url: string;
  /** Sends status webhooks to a server, signed with its app secret. */
  reportTo(server: string, appSecret: string): Promise<void>;
  /** How many messages it was asked to send. */
  messageCount(): Promise<number>;
}

export async function startWhatsApp(terminal: Terminal): Promise<WhatsApp> {
  const { match } = await start("message-sender sandbox", terminal, /^export GRAPH_API_URL=(http:\/\/\S+)$/m);
  const [, url = ""] = match;
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/__emulator/${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    expected(`${method} /__emulator/${path} is answered with 200`, response.status === 200, response.status);
    return response.json();
  };
  return {
    url,
    async reportTo(server, appSecret) {
      await control("PUT", "webhooks", { url: `${server}/webhooks/whatsapp`, appSecret });
    },
    async messageCount() {
      const { graph } = (await control("GET", "requests")) as { graph: readonly { method: string; path: string }[] };
      return graph.filter(({ method, path }) => method === "POST" && path.endsWith("/messages")).length;
    },
  };
}
