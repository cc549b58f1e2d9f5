import { expect, it } from "vitest";

import { order, startService, until } from "../../support/running-service.ts";

const logged = (log: readonly string[], message: string) =>
  log.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === message);

it.each([
  [200, true],
  [202, true],
  [204, true],
  [204, false],
] as const)(
  "a Conversation Service that answers %i without a body gets each entry once (batches: %s)",
  async (storedStatus, batch) => {
    const { send, sandbox, log } = await startService({ sandbox: { storedStatus, batch } });
    const count = 20;
    const ids = Array.from({ length: count }, () => crypto.randomUUID());
    await Promise.all(ids.map((conversation_id) => send({ ...order, conversation_id })));
    await until(() => logged(log, "history stored").length === count);
    expect(sandbox.conversation.messages).toHaveLength(count);
    await send();
    await until(() => logged(log, "history stored").length === count + 1);
    expect(logged(log, "history not stored: will be retried")).toEqual([]);
  },
);

it("a permanently refused entry is logged with status and error text, and does not block the next one of its conversation", async () => {
  const { send, sandbox, log } = await startService();
  sandbox.faults.add({
    target: "conversation",
    match: { messageIncludes: "bad" },
    effect: { status: 422, body: "message\u0085 'bad one' for +628123456789 is\r\nnot \u202etaken" },
  });
  const bad = await send({ ...order, message: "bad one" });
  await send({ ...order, message: "good one" });
  await until(
    () => sandbox.conversation.messages.length === 1 && logged(log, "history rejected permanently").length === 1,
  );
  expect(logged(log, "history rejected permanently")).toEqual([
    expect.objectContaining({
      message_id: bad.body["message_id"],
      http_status: 422,
      reason: "Conversation Service: answered HTTP 422: message '[content]' for [content] is not taken",
    }),
  ]);
});
