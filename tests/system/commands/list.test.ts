import { describe, expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { order, outlet, startService, tenant } from "../../support/running-service.ts";

const credentials = { waba_access_token: "EAAlisted", phone_number_id: "106540352242922" };
const seeded = { tenants: { [tenant]: { quota: { limit: 100 }, outlets: { [outlet]: credentials } } } };

interface Ran {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command. Its output is not a terminal. */
function run(serverUrl: string, ...args: readonly string[]): Promise<Ran> {
  return runInProcess(args, { MESSAGE_SENDER_URL: serverUrl }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }: Ran) => ({ code, stdout, stderr }),
  );
}

describe("message-sender list", () => {
  it("shows messages in a table or as JSON, page by page", async () => {
    const { send, url } = await startService({ sandbox: seeded });
    const sent = [await send({ ...order, reference: "order-1" }), await send({ ...order, to: "+628777777777" })];
    const [first, second] = sent.map(({ body }) => String(body["message_id"]));
    const table = await run(url, "list", "--tenant", tenant);
    expect(table).toMatchObject({ code: 0, stderr: "" });
    const lines = table.stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^accepted +message id +status +to +type +reference +tenant$/);
    expect(lines[1]).toMatch(new RegExp(`^20\\S+Z  ${second}  sent +\\+628777777777  text +${tenant}$`));
    expect(lines[2]).toMatch(new RegExp(`^20\\S+Z  ${first}  sent +\\+628123456789  text  order-1 +${tenant}$`));
    expect(lines).toHaveLength(3);

    const page = await run(url, "list", "--limit", "1", "--json");
    const { messages, next_cursor: cursor } = JSON.parse(page.stdout) as {
      messages: { message_id: string; attempts: unknown[] }[];
      next_cursor: string;
    };
    expect(messages).toMatchObject([{ message_id: second, attempts: [{ number: 1 }] }]);
    const next = await run(url, "list", "--limit", "1", "--json", "--cursor", cursor);
    expect(JSON.parse(next.stdout)).toMatchObject({ messages: [{ message_id: first }], next_cursor: null });
    expect((await run(url, "list", "--limit", "1")).stderr).toMatch(/ --cursor \S+\n$/);
    expect(await run(url, "list", "--status", "failed")).toEqual({ code: 0, stdout: "", stderr: "No messages.\n" });
    expect(await run(url, "list", "--to", "0812")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("to must be an E.164 number"),
    });
  });
});

describe("message-sender status and explain", () => {
  it("find a message by WhatsApp's id, its reference or its key, and name several of them", async () => {
    const { send, url } = await startService({ sandbox: seeded });
    const { body } = await send({ ...order, reference: "order-1" }, { "idempotency-key": "key-1" });
    await send({ ...order, reference: "order-2" });
    await send({ ...order, reference: "order-2" });
    const id = String(body["message_id"]);
    for (const target of [
      [id],
      [String(body["whatsapp_message_id"])],
      ["--wamid", String(body["whatsapp_message_id"])],
      ["--reference", "order-1"],
      ["--idempotency-key", "key-1", "--tenant", tenant],
    ]) {
      expect((await run(url, "explain", ...target)).stdout).toContain(`Message ${id}\n`);
    }
    const status = await run(url, "status", "--reference", "order-1");
    expect(JSON.parse(status.stdout)).toMatchObject({ message_id: id, status: "sent" });
    const record = await run(url, "explain", "--reference", "order-1", "--json");
    expect(JSON.parse(record.stdout)).toMatchObject({ message_id: id, attempts: [{ outcome: "accepted" }] });
    for (const command of ["status", "explain"]) {
      const several = await run(url, command, "--reference", "order-2");
      expect(several).toMatchObject({ code: 1, stdout: "" });
      expect(several.stderr).toMatch(/^There are 2 such messages\. .*\naccepted +message id .*\n20.* order-2 .*\n20/);
      const none = await run(url, command, "--reference", "order-3");
      expect(none).toEqual({ code: 1, stdout: "", stderr: "No such message.\n" });
    }
  });
});
