import type { Message } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { openSqliteStore } from "@message-sender/sqlite-adapter";
import { writeSync } from "node:fs";

/**
 * Accepts 1,000 messages in the given file, and prints the id of each once it is acknowledged. Kills itself at the given
 * number while others are in flight; without a number it keeps the file open.
 */
const [path = "", killAt = "none"] = process.argv.slice(2);
const { messages } = (await openSqliteStore(path, { clock: createSystemClock() }))._unsafeUnwrap();
let acknowledged = 0;

await Promise.all(
  Array.from({ length: 20 }, async (_, client) => {
    for (let index = 0; index < 50; index += 1) {
      const id = `${client}-${index}`;
      if ((await messages.accept(exampleOf(id))).isErr()) continue;
      say(`${id}\n`);
      acknowledged += 1;
      if (acknowledged === Number(killAt)) process.kill(process.pid, "SIGKILL");
    }
  }),
);

setInterval(() => {}, 60_000);

/** The reader may be slow. */
function say(line: string): void {
  for (;;) {
    try {
      return void writeSync(1, line);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

function exampleOf(id: string): Message {
  return {
    id,
    revision: 1,
    version: 1,
    request: {
      outlet: { tenantId: "tenant-1", outletId: "outlet-1" },
      conversationId: "conversation-1",
      to: "+628123456789",
      content: { type: "text", text: { body: id } },
    },
    mode: "waiting",
    policy: { scheduleMs: [0], onAmbiguous: "resend", evidenceMs: 5000 },
    acceptedAt: new Date(),
    quotaBlockId: "block-1",
    attempts: [],
  };
}
