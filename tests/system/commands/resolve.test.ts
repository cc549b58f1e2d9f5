import { expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { order, startService } from "../../support/running-service.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function resolve(serverUrl: string, ...args: readonly string[]): Promise<Ended> {
  return runInProcess(["resolve", ...args], { MESSAGE_SENDER_URL: serverUrl }).then(
    (ended) => ({ code: 0, ...ended }),
    (error: Ended) => error,
  );
}

/** A server with a message whose only attempt WhatsApp accepted, and whose answer was lost. */
async function withUnknown() {
  const service = await startService({ environment: { ON_AMBIGUOUS: "hold" } });
  const fault = service.sandbox.faults.add({ target: "graph", effect: { acceptThenLose: "reset" } });
  const { status, body } = await service.send(order);
  fault.remove();
  expect([status, body["detail"]]).toEqual([504, expect.stringContaining("Otherwise resolve it")]);
  return { ...service, messageId: String(body["message_id"]) };
}

it("--abandon ends an unknown message as failed, once", async () => {
  const { url, messageId, sandbox } = await withUnknown();
  const { code, stdout, stderr } = await resolve(url, messageId, "--abandon");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ message_id: messageId, status: "failed" });
  const again = await resolve(url, messageId, "--abandon");
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ type: "/problems/conflict", status: 409 });
  expect(sandbox.graph.requestCount).toBe(1);
});

it("--resend queues it again", async () => {
  const { url, get, messageId } = await withUnknown();
  expect((await resolve(url, messageId, "--resend")).code).toBe(0);
  await expect
    .poll(async () => (await get(`/api/v1/messages/${messageId}/status`)).body)
    .toMatchObject({ status: "sent", possible_duplicate: true });
});

it("fails for a message that does not exist, and without a server", async () => {
  const { url } = await startService();
  const unknown = await resolve(url, "0199aaaa-0000-7000-8000-000000000001", "--resend");
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ type: "/problems/not-found" });
  expect(await resolve("http://127.0.0.1:1", "m", "--abandon")).toMatchObject({ code: 3, stdout: "" });
});
