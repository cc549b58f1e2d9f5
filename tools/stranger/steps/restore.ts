import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { eventually, expected } from "../expect.ts";
import { named } from "../documents.ts";
import { run, type Terminal } from "../shell.ts";
import { type Answer, sendWithCurl } from "./send.ts";
import { serve, type Server, withKey } from "./server.ts";
import type { WhatsApp } from "./whatsapp.ts";

/** Backs the store up while its server runs. The key is new, and a server knows it within a second. */
export async function backUp(server: Server, operatorKey: string, file: string): Promise<void> {
  const command = (await named("docs/operate.md", "npx message-sender backup /backups/store.db")).replace(
    "/backups/store.db",
    file,
  );
  const attempt = () => run(command, withKey(server, operatorKey)).catch((error: Error) => error.message);
  const printed = await eventually(
    "the backup is made with the operator's key",
    attempt,
    (text) => !text.includes("HTTP 401"),
  );
  const { file: made } = JSON.parse(printed) as { file: string };
  expected(`backup prints the name of the file, ${file}`, made === file, printed);
}

/** A second server with the settings of the first one, on a copy of the backup, as docs/operate.md restores one. */
export async function serveRestored(first: Terminal, folder: string, backup: string): Promise<Server> {
  return serveCopy(first, folder, () => copyFile(backup, join(folder, "message-sender.db")));
}

/** A second server with the settings of the first one. */
export async function serveCopy(first: Terminal, folder: string, prepare?: () => Promise<void>): Promise<Server> {
  await mkdir(folder, { mode: 0o700 });
  for (const name of [".env", "tenants.yaml", "api-keys.json"]) {
    await copyFile(join(first.folder, name), join(folder, name));
  }
  await prepare?.();
  return serve({ ...first, folder }, { project: first });
}

/** That a server answers the README's key as the first one did, and sends nothing. */
export async function replays(server: Server, key: string, messageId: string, whatsApp: WhatsApp): Promise<void> {
  const before = await whatsApp.messageCount();
  const answer = await sendWithCurl(server, key);
  expected(`the repeated key is answered with the message ${messageId}`, answer["message_id"] === messageId, answer);
  await sentNothing(whatsApp, before);
}

/** That a repeated key of an erased message sends nothing. */
export async function refusesErasedKey(server: Server, key: string, whatsApp: WhatsApp): Promise<Answer> {
  const before = await whatsApp.messageCount();
  const answer = await sendWithCurl(server, key);
  const { type } = answer;
  expected("the key of an erased message is refused", type === "/problems/idempotency-key-reused", answer);
  await sentNothing(whatsApp, before);
  return answer;
}

async function sentNothing(whatsApp: WhatsApp, before: number): Promise<void> {
  const after = await whatsApp.messageCount();
  expected(`WhatsApp is asked to send nothing more than ${before}`, after === before, after);
}
