import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { step } from "./step.ts";
import { erase, hasFilesAbout, hasNothingOf } from "./steps/erase.ts";
import { backUp, refusesErasedKey, replays, serveRestored } from "./steps/restore.ts";
import { walk } from "./walk.ts";

/** With a store in a file: a second server on a backup of it. The person is erased from each. */
export async function walkWithSqlite(folder: string): Promise<void> {
  const { place, whatsApp, server, key, operatorKey, person } = await walk(folder, {});
  const backup = join(folder, "backups/store.db");
  await step("back up the store while the server runs", async () => {
    await mkdir(join(folder, "backups"));
    await backUp(server, operatorKey, backup);
  });
  const second = await step("restore the backup into a second server", () =>
    serveRestored(place, join(folder, "second"), backup),
  );
  await step("repeat the key there: the same message, and nothing is sent", () =>
    replays(second, key, person.messageId, whatsApp),
  );
  for (const [name, each] of Object.entries({ first: server, second })) {
    await step(`erase the recipient from the ${name} server`, async () => {
      await hasFilesAbout(each, person);
      await erase(each, operatorKey, person);
      await refusesErasedKey(each, key, whatsApp);
      await hasNothingOf(each, operatorKey, person);
    });
  }
  await step("end both servers", () => Promise.all([server.stop(), second.stop()]));
}
