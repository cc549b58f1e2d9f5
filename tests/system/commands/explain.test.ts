import { describe, expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { outlet, startService, tenant } from "../../support/running-service.ts";

const credentials = { waba_access_token: "EAAexplained", phone_number_id: "106540352242922" };
const seeded = { tenants: { [tenant]: { quota: { limit: 10 }, outlets: { [outlet]: credentials } } } };

/** The command. Its output is not a terminal. */
function explain(serverUrl: string, messageId: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return runInProcess(["explain", messageId], { MESSAGE_SENDER_URL: serverUrl }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
}

describe("message-sender explain", () => {
  it("explains how a message was sent after an error", async () => {
    const { send, sandbox, url } = await startService({
      sandbox: seeded,
      environment: { RETRY_SCHEDULE_MS: "0,20" },
    });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131016 } });
    const { body } = await send();
    const { code, stdout, stderr } = await explain(url, String(body["message_id"]));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(
      `Message ${String(body["message_id"])}\n  status        sent\n  to            +628123456789`,
    );
    expect(stdout).toMatch(/1\. 20\S+Z {2}\d+ ms, refused, HTTP 500, code 131016, class transient\n {5}repeated after/);
    expect(stdout).toMatch(/2\. 20\S+Z {2}\d+ ms, accepted, HTTP 200\n {5}WhatsApp accepted it\.\n/);
    expect(stdout).toMatch(
      /\nNext\n {2}Nothing to do: WhatsApp accepted it\.\n {2}The recipient may have received it more than once\.\n$/,
    );
    expect(stdout).not.toContain("\u001b");
  });

  it("explains why a message was refused, and what to do", async () => {
    const { send, sandbox, url } = await startService({ sandbox: seeded });
    sandbox.faults.add({ target: "graph", effect: { graphError: 131047 } });
    const { code, stdout } = await explain(url, String((await send()).body["message_id"]));
    expect(code).toBe(0);
    expect(stdout).toContain("not repeated: 131047, the 24-hour window is closed; ");
    expect(stdout).toMatch(/\n {2}Advice: .*template/i);
    expect(stdout).toMatch(/\n {2}Trace id for Meta's support: \S+\n/);
  });

  it("reports an unknown message, as `status` does", async () => {
    const { url } = await startService({ sandbox: seeded });
    expect(await explain(url, "0199aaaa-0000-7000-8000-000000000001")).toEqual({
      code: 1,
      stdout: "",
      stderr: "No such message.\n",
    });
  });

  it("reports that no server answers", async () => {
    const answer = await explain("http://127.0.0.1:1", "m");
    expect(answer).toMatchObject({ code: 3, stdout: "" });
    expect(answer.stderr).toContain("no answer from http://127.0.0.1:1");
  });
});
