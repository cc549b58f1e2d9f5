import { expected } from "../expect.ts";
import { replaced, shown } from "../documents.ts";
import { run, start, type Terminal } from "../shell.ts";

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
  return {
    url,
    async reportTo(server, appSecret) {
      const command = await shown("packages/emulator/README.md", "sh", "__emulator/webhooks");
      const own = replaced(command, ["http://127.0.0.1:3000", server], ["the-app-secret", appSecret]);
      const answer = await run(own, { ...terminal, variables: { GRAPH_API_URL: url } });
      expected("the emulator says where webhooks go", answer.includes(`"url":"${server}`), answer);
    },
    async messageCount() {
      const response = await fetch(`${url}/__emulator/requests`);
      const { graph } = (await response.json()) as { graph: readonly { method: string; path: string }[] };
      return graph.filter(({ method, path }) => method === "POST" && path.endsWith("/messages")).length;
    },
  };
}
