import { Code, type Html, Panel } from "@message-sender/pages";

import type { PageData } from "../page-data.ts";
import { viewHref } from "../paths.ts";

/** Where to point a bot, and a first message from either side. */
export function Start({ data }: { data: PageData }): Html {
  const graphUrl = data.urls()["graph"] ?? "";
  const number = data.firstNumber();
  const { url } = data.webhooks.state();
  return (
    <Panel
      title="Point your code here"
      note="Use this URL in place of https://graph.facebook.com. Without seeds, any access token and phone number id will do."
    >
      <Code id="graph-url" label="Base URL" text={graphUrl} />
      <h3>Send a message as the business</h3>
      <Code
        id="first-send"
        label="Command that sends a message"
        text={`curl ${graphUrl}/v25.0/${number}/messages -H 'Authorization: Bearer any-token' -H 'Content-Type: application/json' -d '{"messaging_product": "whatsapp", "to": "628123456789", "type": "text", "text": {"body": "Hello!"}}'`}
      />
      <h3>Write as the customer</h3>
      <Code
        id="first-reply"
        label="Command that writes as the customer"
        text={`curl ${graphUrl}/__emulator/customers/628123456789/messages -d '{"text": "Hi"}'`}
      />
      <h3>Receive webhooks</h3>
      <p>
        {url === null ? "Nobody receives webhooks yet. " : `Webhooks go to ${url}. `}
        <a href={viewHref("webhooks")}>{url === null ? "Say where they go" : "Change it"}</a>
      </p>
    </Panel>
  );
}
