import { describeReadReceiptsContract, type TransportScenario } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";

import { startHttpServer } from "../../../test/loopback.ts";
import { createGraphTransport } from "./graph-transport.ts";

const graphError = (code: number, message: string) =>
  JSON.stringify({ error: { message, type: "OAuthException", code } });

const answers: Record<
  Exclude<TransportScenario, "never answers" | "drops the connection" | "cannot be reached">,
  readonly [number, (token: string) => string]
> = {
  accepts: [200, () => JSON.stringify({ success: true })],
  "rejects permanently": [400, () => graphError(131009, "no such message")],
  "rejects temporarily": [503, () => ""],
  throttles: [400, () => graphError(130429, "rate limit hit")],
  "rejects the credential": [401, () => graphError(190, "the token has expired")],
  "quotes the credential": [400, (token) => graphError(100, `what is ${token}?`)],
  "answers with the credential": [200, (token) => JSON.stringify({ messages: [{ id: token }] })],
  "succeeds unreadably": [200, () => `{"succ`],
};

interface Body {
  readonly message_id: string;
  readonly typing_indicator?: unknown;
}

describeReadReceiptsContract({
  name: "Graph read receipts",
  async setup() {
    let scenario: TransportScenario = "accepts";
    const server = await startHttpServer(({ headers }, response) => {
      if (scenario === "drops the connection") return response.destroy();
      if (scenario === "never answers" || scenario === "cannot be reached") return undefined;
      const [status, body] = answers[scenario];
      return response.writeHead(status).end(body(headers.authorization?.slice("Bearer ".length) ?? ""));
    });
    const transport = createGraphTransport({ url: server.url });
    return {
      readReceipts: transport.readReceipts,
      clock: createSystemClock(),
      async arrange(next) {
        scenario = next;
        if (next === "cannot be reached") await server.close();
      },
      received: () =>
        server.requests.map(({ url, headers, body }) => {
          const { message_id, typing_indicator, ...rest } = JSON.parse(body) as Body;
          const isOurs = JSON.stringify(rest) === '{"messaging_product":"whatsapp","status":"read"}';
          const isTyping = JSON.stringify(typing_indicator) === '{"type":"text"}';
          return {
            phoneNumberId: /^\/v25\.0\/([^/]+)\/messages$/.exec(url)?.[1] ?? "",
            accessToken: headers.authorization?.slice("Bearer ".length) ?? "",
            whatsappMessageId: isOurs ? message_id : "",
            typing: isTyping,
          };
        }),
      async close() {
        await transport.close();
        await server.close();
      },
    };
  },
});
