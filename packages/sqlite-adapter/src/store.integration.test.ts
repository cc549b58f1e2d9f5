import { createMessageSender } from "@message-sender/core";
import { exampleMessage } from "@message-sender/core/contracts";
import { createManualClock, createTestPorts } from "@message-sender/core/in-memory";
import { randomBytes, randomFillSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../test/store-file.ts";
import { openSqliteStore } from "./store.ts";

let file: StoreFile;

beforeEach(() => {
  file = storeFile();
});

afterEach(() => file.remove());

it("is refused by a sender that has another manual clock", async () => {
  const { messages, outbox } = await file.open();
  const ports = createTestPorts();
  expect(() => createMessageSender({ ...ports, messages, outbox })).toThrow(
    "go by a manual clock that is not the sender's clock, so they would stand still: `messages`, `outbox`",
  );
});

describe("a file that cannot be opened", () => {
  async function refusal(of = file.path): Promise<string> {
    const { kind, reason } = (await openSqliteStore(of, { clock: createManualClock() }))._unsafeUnwrapErr();
    expect(kind).toBe("Unavailable");
    return reason;
  }

  it("is refused while another opening has it, and free afterwards", async () => {
    const first = await file.open();
    await valueOf(first.messages.accept(exampleMessage()));
    expect(await refusal()).toBe(`${file.path} is open in another process`);
    expect((await first.messages.accept(exampleMessage()))._unsafeUnwrap()).toEqual({ kind: "New" });
    await first.close();
    await file.open();
  });

  it("is refused when it is damaged", async () => {
    writeFileSync(file.path, randomBytes(20_000));
    expect(await refusal()).toBe(`${file.path} is damaged, or not a database`);
  });

  it("is refused when all but its first page is damaged", async () => {
    await (await file.open()).close();
    const damaged = readFileSync(file.path);
    randomFillSync(damaged, 4096);
    writeFileSync(file.path, damaged);
    expect(await refusal()).toBe(`${file.path} is damaged, or not a database`);
  });

  it("is refused when a newer version has written it", async () => {
    await (await file.open()).close();
    const newer = new DatabaseSync(file.path);
    newer.exec("INSERT INTO migrations VALUES (9999, '9999-later.sql', 'c')");
    newer.close();
    expect(await refusal()).toBe(`${file.path} was written by a newer version of Message Sender`);
  });

  it("is refused where nothing can be written", async () => {
    mkdirSync(file.path);
    const nowhere = join(dirname(file.path), "missing", "store.db");
    for (const place of [file.path, nowhere]) {
      expect(await refusal(place)).toBe(
        `${place} cannot be opened: the database failed: unable to open database file (14)`,
      );
    }
  });
});

describe("an open store", () => {
  it("is unavailable, and can be closed, when its thread has ended", async () => {
    const { messages } = await file.open();
    const posted = vi.spyOn(Worker.prototype, "postMessage");
    await valueOf(messages.accept(exampleMessage()));
    const asked = messages.accept(exampleMessage());
    await (posted.mock.contexts[0] as Worker).terminate();
    posted.mockRestore();
    for (const answer of [await asked, await messages.accept(exampleMessage())]) {
      expect(answer._unsafeUnwrapErr()).toEqual({ kind: "Unavailable", reason: "the database thread has ended" });
    }
  });

  it("refuses only the message whose id is taken", async () => {
    const { messages } = await file.open();
    const message = exampleMessage();
    const answers = await Promise.all([message, message, exampleMessage()].map((each) => messages.accept(each)));
    expect(answers.map((answer) => (answer.isOk() ? answer.value.kind : answer.error.reason))).toEqual([
      "New",
      "a message with this id is already stored",
      "New",
    ]);
  });

  it("runs calls that are made at once in few transactions", async () => {
    const { messages } = await file.open();
    const posted = vi.spyOn(Worker.prototype, "postMessage");
    const answers = await Promise.all(Array.from({ length: 1000 }, () => messages.accept(exampleMessage())));
    expect(answers.every((answer) => answer.isOk())).toBe(true);
    expect(posted.mock.calls.length).toBeLessThanOrEqual(10);
    posted.mockRestore();
  });

  it("finishes the calls in flight before it closes, and is unavailable then", async () => {
    const store = await file.open();
    const message = exampleMessage();
    const accepting = store.messages.accept(message);
    await Promise.all([store.close(), store.close()]);
    expect((await accepting)._unsafeUnwrap()).toEqual({ kind: "New" });
    const late = await store.messages.find({ id: message.id });
    expect(late._unsafeUnwrapErr()).toEqual({ kind: "Unavailable", reason: "the store is closed" });
    expect((await (await file.open()).messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
  });
});
