import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { named } from "../documents.ts";
import { expected } from "../expect.ts";
import { run } from "../shell.ts";
import { list } from "./find.ts";
import type { Order } from "./send.ts";
import { type Server, withKey } from "./server.ts";

/** What says who a message was for, or what it said. */
export interface Person {
  readonly order: Order;
  readonly messageId: string;
  readonly wamid: string;
}

/** Erases the recipient with the command of docs/operate.md. */
export async function erase(server: Server, operatorKey: string, { order }: Person): Promise<void> {
  const command = await named("docs/operate.md", "npx message-sender erase --to +628123456789");
  expected(`docs/operate.md erases the README's recipient`, command.endsWith(order.to), command);
  const counts = JSON.parse(await run(command, withKey(server, operatorKey))) as { messages: number };
  expected("one message is erased", counts.messages === 1, counts);
}

/** That a server has nothing of the person: not in its API, nor in the files of its folder, nor in its log. */
export async function hasNothingOf(server: Server, operatorKey: string, person: Person): Promise<void> {
  const { order, messageId } = person;
  for (const filter of [`to=${encodeURIComponent(order.to)}`, `reference=${order.reference}`]) {
    const found = await list(server, operatorKey, filter);
    expected(`no message has ${filter}`, found.length === 0, found);
  }
  const records = await list(server, operatorKey, "tenant_id=acme");
  expected(
    `the record of ${messageId} remains, without the person and the reference`,
    records.length === 1 && records[0]?.["message_id"] === messageId && !("reference" in records[0]),
    records,
  );
  hasNone("records", JSON.stringify(records), person);
  expected(`the log names the message ${messageId}`, server.printed().includes(messageId), server.printed());
  hasNone("the log", server.printed(), person);
  for (const [name, bytes] of await filesOf(server)) hasNone(`the file ${name}`, bytes, person);
}

/** That the files of a server do have the person before the erase. */
export async function hasFilesAbout(server: Server, person: Person): Promise<void> {
  const files = Object.fromEntries(await filesOf(server));
  const found = Object.values(files).flatMap((bytes) => tracesIn(bytes, person));
  expected("the files have the number, WhatsApp's id and the content", new Set(found).size === 3, Object.keys(files));
}

async function filesOf({ folder }: Server): Promise<readonly (readonly [name: string, bytes: Buffer])[]> {
  const files = (await readdir(folder, { withFileTypes: true })).filter((file) => file.isFile());
  return Promise.all(files.map(async ({ name }) => [name, await readFile(join(folder, name))] as const));
}

function hasNone(where: string, text: string | Buffer, person: Person): void {
  const left = tracesIn(text, person);
  expected(`nothing of the person is in ${where}`, left.length === 0, left);
}

/** Which of these a text has: the number, with or without its +; WhatsApp's id, which has it in base64; the content. */
export function tracesIn(text: string | Buffer, { order, wamid }: Person): readonly string[] {
  return [order.to.slice(1), wamid, order.message].filter((trace) => text.includes(trace));
}
