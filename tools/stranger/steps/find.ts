import { replaced, shown, shownLine } from "../documents.ts";
import { eventually, expected } from "../expect.ts";
import { run } from "../shell.ts";
import type { Order } from "./send.ts";
import { type Server, withKey } from "./server.ts";

/** That the metrics count the one message, as docs/access.md shows how to read them. */
export async function seeMetrics(server: Server): Promise<void> {
  const command = replaced(await shown("docs/access.md", "sh", "/metrics"), ["http://127.0.0.1:3000", server.url]);
  const line = 'message_sender_messages_ended_total{mode="waiting",outcome="sent"} 1';
  // A running server knows a new key within a second.
  await eventually(
    `/metrics has the line ${line}`,
    () => run(command, server.terminal),
    (text) => text.split("\n").includes(line),
  );
}

/** The record of the message, found by its reference: with the command of docs/operate.md, and over HTTP. */
export async function findByReference(server: Server, key: string, messageId: string, order: Order): Promise<void> {
  const terminal = withKey(server, key);
  const explained = await run(`npx message-sender explain --reference ${order.reference}`, terminal);
  expected(
    `explain shows the message ${messageId} with its status`,
    explained.includes(messageId) && /^ +status +read$/m.test(explained),
    explained,
  );
  const found = await list(server, key, `reference=${order.reference}`);
  expected(`one record, of ${messageId}`, found.length === 1 && found[0]?.["message_id"] === messageId, found);
  expected(`its recipient is ${order.to}`, found[0]?.["to"] === order.to, found);
}

/** The records that a filter of the list gives. */
export async function list(
  server: Server,
  key: string,
  filter: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const shownList = await shownLine("docs/access.md", "/api/v1/messages?");
  const command = replaced(shownList, ["http://127.0.0.1:3000", server.url], ["tenant_id=acme", filter]);
  return (JSON.parse(await run(command, withKey(server, key))) as { messages: Record<string, unknown>[] }).messages;
}
