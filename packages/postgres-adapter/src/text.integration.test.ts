import { exampleMessage } from "@message-sender/core/contracts";
import { expect, it } from "vitest";

import { usePostgres } from "../test/postgres.ts";
import { openStore } from "../test/stores.ts";

const postgres = usePostgres();

it("keeps every code point, and lone surrogates too", async () => {
  const store = await openStore(postgres.url, postgres.freshSchema());
  const units = 0x10_000;
  const bodies = Array.from({ length: 16 }, (_, block) =>
    Array.from({ length: units / 16 }, (_, index) => String.fromCharCode((block * units) / 16 + index)).join(""),
  );
  for (let plane = 1; plane <= 16; plane += 1) {
    bodies.push(Array.from({ length: 256 }, (_, index) => String.fromCodePoint(plane * units + index * 256)).join(""));
  }
  const messages = bodies.map((body) => exampleMessage({ body }));
  await Promise.all(messages.map(async (message) => (await store.messages.accept(message))._unsafeUnwrap()));
  for (const message of messages) {
    expect((await store.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
  }
});
