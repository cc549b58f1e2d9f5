import { createManualClock } from "@message-sender/core/in-memory";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../../test/store-file.ts";
import { openSqliteStore } from "../store.ts";

const script = fileURLToPath(new URL("../../test/accept-thousand.ts", import.meta.url));
let file: StoreFile;

beforeEach(() => {
  file = storeFile();
});

afterEach(() => file.remove());

function acceptThousand(...killAt: number[]) {
  const args = ["--conditions=@message-sender/source", script, file.path, ...killAt.map(String)];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

it.each([1, 150, 990])("loses nothing that was acknowledged when its process is killed at %i of 1,000", async (at) => {
  const child = acceptThousand(at);
  const exited = once(child, "exit");
  const acknowledged = (await text(child.stdout)).trimEnd().split("\n");
  expect(await exited).toEqual([null, "SIGKILL"]);
  expect(acknowledged).toHaveLength(at);
  const { messages } = await file.open();
  const left = await valueOf(messages.overdue(1000));
  expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
});

it("is refused while another process has it open, and free once that is killed", async () => {
  const child = acceptThousand();
  await once(child.stdout, "data");
  const refused = await openSqliteStore(file.path, { clock: createManualClock() });
  expect(refused._unsafeUnwrapErr().reason).toBe(`${file.path} is open in another process`);
  child.kill("SIGKILL");
  await once(child, "exit");
  await file.open();
});
