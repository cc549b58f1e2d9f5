import { describe, expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { startService } from "../../support/running-service.ts";
import { runCommand } from "../../support/serve-process.ts";

const to = "+628123456789";
const wamid = "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI2";
const template = { name: "order_ready", language: { code: "en_US" } };

/** A server, and the command. */
async function withCommand(run = runInProcess) {
  const { url, sandbox } = await startService();
  const send = (...options: string[]) => run(["send", "--to", to, ...options], { MESSAGE_SENDER_URL: url });
  return { sandbox, send };
}

async function failureOf(command: Promise<unknown>): Promise<{ code: number; stdout: string; stderr: string }> {
  return command.then(
    () => Promise.reject(new Error("it went well")),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe("message-sender send", () => {
  it("sends a message of any type, as a reply to another", async () => {
    const { send, sandbox } = await withCommand(runCommand);
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
    const { code, stdout } = await failureOf(send("--type", "template", "--message", '{"name":"order_ready"}'));
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { errors: [{ pointer: "/message/language" }] }]);
    expect(sandbox.graph.requests).toHaveLength(0);
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
