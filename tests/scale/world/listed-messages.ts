import type { ServerProcess } from "../../crash/driver/server-process.ts";
import { pause } from "../../crash/driver/wait.ts";

export interface ListedMessage {
  readonly message_id: string;
  readonly status: string;
  readonly attempts: readonly { readonly outcome?: string }[];
}

interface Page {
  readonly messages: readonly ListedMessage[];
  readonly next_cursor: string | null;
}

const stalledMs = 60_000;

/** All messages since then, once no attempt is left to be made. Throws if the queue does not empty. */
export async function endedMessages(server: ServerProcess, since: Date): Promise<readonly ListedMessage[]> {
  const deadlineMs = performance.now() + stalledMs;
  for (;;) {
    const messages = await messagesSince(server, since);
    const open = messages.filter(({ status }) => status === "queued" || status === "sending");
    if (open.length === 0) return messages;
    if (performance.now() > deadlineMs) throw new Error(`${open.length} messages are still queued or sending`);
    await pause(200);
  }
}

async function messagesSince({ url }: ServerProcess, since: Date): Promise<readonly ListedMessage[]> {
  const all: ListedMessage[] = [];
  let cursor: string | null = "";
  do {
    const query = new URLSearchParams({ since: since.toISOString(), limit: "100", ...(cursor !== "" && { cursor }) });
    const answer = await fetch(`${url}/api/v1/messages?${query.toString()}`);
    if (!answer.ok) throw new Error(`a list was answered with ${answer.status}: ${await answer.text()}`);
    const page = (await answer.json()) as Page;
    all.push(...page.messages);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}
