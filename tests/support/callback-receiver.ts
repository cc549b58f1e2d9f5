import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import { Webhook } from "standardwebhooks";
import { onTestFinished } from "vitest";

/** The data of a status callback, as far as tests read it. */
interface CallbackData {
  readonly message_id: string;
  readonly version: number;
  readonly status: string;
  readonly tenant_id: string;
}

export interface ReceivedCallback {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: CallbackData;
  readonly headers: IncomingHttpHeaders;
}

/** What the receiver does with its next request: a status, or `away`: it closes the connection. */
export type Conduct = (request: number) => number | "away";

/**
 * A receiver of status callbacks, as a platform would write one: it verifies each with the public library of Standard Webhooks
 * before it answers. It closes after the test.
 */
export async function startCallbackReceiver(secret: string, conduct: Conduct = () => 204) {
  const webhook = new Webhook(secret);
  const taken: ReceivedCallback[] = [];
  const refused: string[] = [];
  const receiver = { conduct, requests: 0, taken, refused, url: "" };

  const server = createServer(async (request, response) => {
    receiver.requests += 1;
    const answer = receiver.conduct(receiver.requests);
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    if (answer === "away") return request.socket.destroy();
    try {
      webhook.verify(body, request.headers as Record<string, string>);
    } catch (error) {
      refused.push(String(error));
      return response.writeHead(401).end();
    }
    if (answer < 300) {
      const event = JSON.parse(body) as Pick<ReceivedCallback, "type" | "timestamp" | "data">;
      taken.push({ id: String(request.headers["webhook-id"]), headers: request.headers, ...event });
    }
    response.writeHead(answer).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

/** What is wrong with the callbacks of messages that have so many versions now: missing, out of order, or unknown. */
export function faultsIn(taken: readonly ReceivedCallback[], versions: ReadonlyMap<string, number>): readonly string[] {
  const faults: string[] = [];
  const firsts = new Map<string, number[]>();
  for (const { id, data } of taken) {
    if (id !== `${data.message_id}:${data.version}`) faults.push(`${id} is not the id of its event`);
    const known = firsts.get(data.message_id) ?? [];
    firsts.set(data.message_id, known);
    if (!known.includes(data.version)) known.push(data.version);
  }
  for (const [messageId, version] of versions) {
    const expected = Array.from({ length: version }, (_, index) => index + 1);
    const arrived = firsts.get(messageId) ?? [];
    if (arrived.join() !== expected.join())
      faults.push(`${messageId}: ${arrived.join()} in place of ${expected.join()}`);
  }
  for (const messageId of firsts.keys()) if (!versions.has(messageId)) faults.push(`${messageId} is not known`);
  return faults;
}
