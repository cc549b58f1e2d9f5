import { startSandbox } from "@message-sender/emulator";
import { expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { until } from "../../support/running-service.ts";
import { post, serve, settingsFor } from "../../support/serve-process.ts";

it("history replay redelivers what the Conversation Service refused permanently", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { url, printed } = await serve([], {
    ...settingsFor(sandbox),
  });
  const replay = async () => (await runInProcess(["history", "replay"], { MESSAGE_SENDER_URL: url })).stdout;
  expect(JSON.parse(await replay())).toEqual({ replayed: 0 });

  const fault = sandbox.faults.add({ target: "conversation", effect: { status: 400 } });
  expect((await post(url)).statusCode).toBe(200);
  await until(() => printed().includes("history rejected permanently"));
  fault.remove();
  expect(sandbox.conversation.messages).toHaveLength(0);

  expect(JSON.parse(await replay())).toEqual({ replayed: 1 });
  await until(() => sandbox.conversation.messages.length === 1);
  expect(JSON.parse(await replay())).toEqual({ replayed: 0 });
});

it("history replay reports that no server answers", async () => {
  const failed = await runInProcess(["history", "replay"], { MESSAGE_SENDER_URL: "http://127.0.0.1:9" }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 3, stderr: expect.stringContaining("no answer from") });
});
