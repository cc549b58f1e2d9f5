import { replaced, shown } from "../documents.ts";
import { expected } from "../expect.ts";
import { run } from "../shell.ts";
import { type Server, withKey } from "./server.ts";

/** What the README's request says. */
export interface Order {
  readonly to: string;
  readonly message: string;
  readonly reference: string;
}

/** The answer to a send, or a problem. */
export type Answer = Readonly<Record<string, unknown>>;

/** The README's command, with another server in it. */
async function command(url: string): Promise<string> {
  return replaced(await shown("README.md", "sh", "/api/v1/messages/send"), ["http://127.0.0.1:3000", url]);
}

/** Runs the README's command, whose key is in MESSAGE_SENDER_API_KEY. */
export async function sendWithCurl(server: Server, key: string): Promise<Answer> {
  return JSON.parse(await run(await command(server.url), withKey(server, key))) as Answer;
}

export async function sentOrder(): Promise<Order> {
  const [, body = ""] = /-d '([^']+)'/.exec(await command("")) ?? [];
  return JSON.parse(body) as Order;
}

/** That the README's command sends, and that nobody sends without a key. */
export async function firstSend(
  server: Server,
  key: string,
): Promise<{ readonly messageId: string; readonly wamid: string }> {
  const refused = await sendWithCurl(server, "");
  expected("without a key, nothing is sent", refused["type"] === "/problems/unauthenticated", refused);
  const { reference } = await sentOrder();
  const answer = await sendWithCurl(server, key);
  const { message_id: messageId, whatsapp_message_id: wamid } = answer;
  expected(
    `a message that was sent, with its ids and the reference ${reference}`,
    answer["status"] === "sent" &&
      answer["reference"] === reference &&
      typeof messageId === "string" &&
      typeof wamid === "string",
    answer,
  );
  return { messageId: String(messageId), wamid: String(wamid) };
}
