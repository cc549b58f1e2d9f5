import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { order, startService } from "../../support/running-service.ts";
import { serveHere } from "../../support/serve-here.ts";
import { settingsFor } from "../../support/serve-process.ts";

const person = "6281234500017";
const secret = "marmalade zebra quartz";

it("erase removes a person from the files of the store, and a repeated key sends nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-erase-"));
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { url } = await serveHere({ ...settingsFor(sandbox), DATABASE_URL: `sqlite:${join(folder, "store.db")}` });
  const sendTo = async (to: string, message: string, key: string) => {
    const answer = await request(`${url}/api/v1/messages/send`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify({ ...order, to, message, reference: `reference ${message}` }),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, string> };
  };
  const filesHave = async (text: string) => {
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
    return files.some((bytes) => bytes.includes(text));
  };

  const sent = await sendTo(`+${person}`, secret, "order-1");
  await sendTo("+6281234599999", "another text", "order-2");
  expect([sent.status, await filesHave(person), await filesHave(secret)]).toEqual([200, true, true]);
  await expect.poll(() => sandbox.conversation.messages.length).toBe(2);

  const { stdout } = await runInProcess(["erase", "--to", `+${person}`], { MESSAGE_SENDER_URL: url });
  expect(JSON.parse(stdout)).toEqual({ messages: 1, canceled: 0, recipients: 0, webhooks: 0 });
  const wamid = sent.body["whatsapp_message_id"] ?? "";
  for (const text of [person, secret, secret.slice(0, 9), wamid])
    expect([text, await filesHave(text)]).toEqual([text, false]);
  expect(await filesHave("another text")).toBe(true);

  expect((await sendTo(`+${person}`, secret, "order-1")).status).toBe(422);
  expect(sandbox.graph.messages).toHaveLength(2);
  const { body } = await request(`${url}/api/v1/messages/${sent.body["message_id"]}`);
  expect(await body.json()).toMatchObject({ to: "erased", status: "sent", message: "erased" });
  const again = await runInProcess(["erase", "--to", `+${person}`], { MESSAGE_SENDER_URL: url });
  expect(JSON.parse(again.stdout)).toMatchObject({ messages: 0 });
});

it("erase refuses what is no number", async () => {
  const { url } = await startService();
  const failed = await runInProcess(["erase", "--to", "0812"], { MESSAGE_SENDER_URL: url }).catch(
    (error: { code: number }) => error,
  );
  expect(failed).toMatchObject({ code: 2 });
});
