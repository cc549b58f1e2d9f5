import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished, vi } from "vitest";

import { createNewFile } from "./new-file.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "message-sender-new-file-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

it("has its name once all of it is written, and nothing beside it", async () => {
  const into = await folder();
  await createNewFile(join(into, "backup.db"), async (unfinished) => {
    await using file = await open(unfinished, "w");
    await file.write("all of it");
    expect(await readdir(into)).toEqual([expect.stringMatching(/^backup\.db\..*\.unfinished$/)]);
  });
  expect(await readdir(into)).toEqual(["backup.db"]);
  expect(await readFile(join(into, "backup.db"), "utf8")).toBe("all of it");
});

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "nothing is left after %s, even if the file is opened again before the process ends",
  async (signal) => {
    const into = await folder();
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    onTestFinished(() => kill.mockRestore());
    const creating = createNewFile(join(into, "backup.db"), async (unfinished) => {
      process.emit(signal, signal);
      expect(kill).toHaveBeenCalledWith(process.pid, signal);
      await open(unfinished, "w");
    });
    await expect(creating).rejects.toThrow("ENOENT");
    expect(await readdir(into)).toEqual([]);
  },
);
