import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { answering, doctor, findingsOf, folder, listen, tenantsFile, waba } from "../../support/doctor.ts";

describe("a store that cannot take a commit:", () => {
  it("on a disk without room, or where this user may not write", async () => {
    // The file system of processes has no room, and only root may write to it at all.
    const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: "sqlite:/proc/store.db" });
    expect(result.code).toBe(1);
    expect(result.found).toEqual([
      expect.objectContaining({
        name: "store",
        problem: expect.stringMatching(/has no room: its disk is full|cannot be used \((EACCES|EROFS)\)/),
        advice: expect.stringMatching(/free space on its disk|the right to write/),
      }),
    ]);
  });

  it("in a folder that does not exist", async () => {
    const path = join(folder(), "new", "store.db");
    const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: `sqlite:${path}` });
    expect(findingsOf(result)).toEqual([
      `failed: DATABASE_URL: ${path} cannot be used (ENOENT) → make its folder, which must exist, or correct DATABASE_URL`,
    ]);
  });

  it("of a server that says so", async () => {
    const path = join(folder(), "store.db");
    const held = new DatabaseSync(path);
    held.exec("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE held (a); BEGIN EXCLUSIVE");
    const MESSAGE_SENDER_URL = await listen(answering({}, 503));
    const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: `sqlite:${path}`, MESSAGE_SENDER_URL });
    held.close();
    expect(findingsOf(result)).toEqual([
      `failed: the server at ${MESSAGE_SENDER_URL} is not ready: /readyz answers 503 → see the log of the server: its disk may be full or read-only`,
    ]);
  });
});
