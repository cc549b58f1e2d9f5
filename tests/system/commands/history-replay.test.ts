import { expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { startService, until } from "../../support/running-service.ts";

it("history replay redelivers what the Conversation Service refused permanently", async () => {
  const { url, send, sandbox, log } = await startService();
  const replay = async () => (await runInProcess(["history", "replay"], { MESSAGE_SENDER_URL: url })).stdout;
  expect(JSON.parse(await replay())).toEqual({ replayed: 0 });

  const fault = sandbox.faults.add({ target: "conversation", effect: { status: 400 } });
  expect((await send()).status).toBe(200);
  await until(() => log.some((line) => line.includes("history rejected permanently")));
  fault.remove();
  expect(sandbox.conversation.messages).toHaveLength(0);

  expect(JSON.parse(await replay())).toEqual({ replayed: 1 });
  await until(() => sandbox.conversation.messages.length === 1);
  expect(JSON.parse(await replay())).toEqual({ replayed: 0 });
});

it("history replay tells the Conversation Service of one message again, by the same id", async () => {
  const { url, send, sandbox } = await startService();
  const id = String((await send()).body["message_id"]);
  await until(() => sandbox.conversation.messages.length === 1);
  const replay = async (...only: string[]) =>
    (await runInProcess(["history", "replay", ...only], { MESSAGE_SENDER_URL: url })).stdout;
  expect(JSON.parse(await replay("--tenant", "acme"))).toEqual({ replayed: 0 });
  expect(JSON.parse(await replay(id))).toEqual({ replayed: 1 });
  await until(() => sandbox.conversation.requests.length === 2);
  const [first, again] = sandbox.conversation.requests.map(({ body }) => body as { readonly version: number });
  expect(again).toEqual(first);
  expect(sandbox.conversation.requests[1]?.idempotencyKey).toBe(`${id}:${first?.version}`);
  expect(sandbox.conversation.messages).toHaveLength(1);
  const unknown = await replay("no-such-message").catch((error: { code: number; stdout: string }) => error);
  expect(unknown).toMatchObject({ stdout: expect.stringContaining("404") });
});

it("history replay reports that no server answers", async () => {
  const failed = await runInProcess(["history", "replay"], { MESSAGE_SENDER_URL: "http://127.0.0.1:9" }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 3, stderr: expect.stringContaining("no answer from") });
});
