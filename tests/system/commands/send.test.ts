import { describe, expect, it } from "vitest";

import { failureOf } from "../../support/command-failure.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { startService } from "../../support/running-service.ts";

const to = "+628123456789";
const wamid = "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI2";
const template = { name: "order_ready", language: { code: "en_US" } };

const outlets = { "jakarta-1": { waba_access_token: "EAAjakarta", phone_number_id: "1001" } };

/** A server, and the command. */
async function withCommand(options?: Parameters<typeof startService>[0]) {
  const { url, sandbox } = await startService(options);
  const send = (...options: string[]) => runInProcess(["send", "--to", to, ...options], { MESSAGE_SENDER_URL: url });
  return { sandbox, send };
}

describe("message-sender send", () => {
  it("sends a message of any type, as a reply to another", async () => {
    const { send, sandbox } = await withCommand();
    const message = JSON.stringify(template);
    const { stdout } = await send("--type", "template", "--message", message, "--reply-to", wamid);
    expect(JSON.parse(stdout)).toMatchObject({ status: "sent", whatsapp_message_id: expect.stringMatching(/^wamid/) });
    expect(sandbox.graph.requests[0]?.body).toMatchObject({
      to,
      type: "template",
      template,
      context: { message_id: wamid },
    });
  });

  it("shows what is wrong with a message object, and where", async () => {
    const { send, sandbox } = await withCommand();
    const failed = await failureOf(send("--type", "template", "--message", '{"name":"order_ready"}'));
    expect([failed.code, JSON.parse(failed.stdout)]).toMatchObject([2, { errors: [{ pointer: "/message/language" }] }]);
    expect(failed.stderr).toMatch(/^\S.* message\/language is missing\.\n$/);
    expect(sandbox.graph.requests).toHaveLength(0);
  });

  it("sends a template by the API that --via names, and nothing else by the Marketing Messages API", async () => {
    const { send, sandbox } = await withCommand();
    const message = JSON.stringify(template);
    await send("--type", "template", "--message", message, "--via", "marketing");
    expect(sandbox.graph.requests[0]?.path).toMatch(/\/marketing_messages$/);
    const failed = await failureOf(send("--text", "Hello", "--via", "marketing"));
    expect([failed.code, JSON.parse(failed.stdout)]).toMatchObject([2, { errors: [{ pointer: "/via" }] }]);
    expect(await failureOf(send("--text", "Hello", "--via", "pigeon"))).toMatchObject({ code: 2 });
    expect(sandbox.graph.requests).toHaveLength(1);
  });

  it("says when to try again", async () => {
    const { send } = await withCommand({ sandbox: { tenants: { acme: { quota: { limit: 0 } } } } });
    const failed = await failureOf(send("--text", "Hello", "--tenant", "acme"));
    const { type, retry_after_seconds: seconds } = JSON.parse(failed.stdout) as Record<string, unknown>;
    expect([failed.code, type]).toEqual([3, "/problems/quota-exceeded"]);
    expect(failed.stderr).toMatch(new RegExp(`^\\S.* Try again in ${String(seconds)} s\\.\n$`));
  });

  it("says of a default tenant or outlet that only a sandbox has it", async () => {
    const { send } = await withCommand({ sandbox: { tenants: { acme: { outlets } } } });
    const text = ["--text", "Hello"];
    for (const [options, hint] of [
      [[], "\nGive --tenant and --outlet: "],
      [["--outlet", "jakarta-1"], "\nGive --tenant: "],
      [["--tenant", "acme"], "\nGive --outlet: "],
    ] as const) {
      const failed = await failureOf(send(...text, ...options));
      expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(hint) });
    }
    const failed = await failureOf(send(...text, "--tenant", "acme", "--outlet", "none"));
    expect(failed.stderr).not.toContain("Give");
  });

  it("sends once under one key", async () => {
    const { send, sandbox } = await withCommand();
    const once = await send("--text", "Hello", "--idempotency-key", "order-17");
    expect(await send("--text", "Hello", "--idempotency-key", "order-17", "--json")).toEqual(once);
    expect(sandbox.graph.requests).toHaveLength(1);
  });

  it.each([
    ["no message", [], "give either --text, or --type with --message"],
    ["a type without an object", ["--type", "template"], "give either --text, or --type with --message"],
    ["an object without a type", ["--message", "{}"], "give either --text, or --type with --message"],
    ["a text and a type", ["--text", "Hello", "--type", "text"], "cannot be used with"],
    ["a text and an object", ["--text", "Hello", "--message", "{}"], "cannot be used with"],
    ["an object that is not JSON", ["--type", "image", "--message", "{link}"], "must be JSON"],
  ])("exits with 2 for %s", async (_, options, words) => {
    const { send, sandbox } = await withCommand();
    const { code, stderr } = await failureOf(send(...options));
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(sandbox.graph.requests).toHaveLength(0);
  });
});
