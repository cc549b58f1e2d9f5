import { expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { order, startService } from "../../support/running-service.ts";

it("usage counts messages, in a table or as JSON", async () => {
  const { url, send } = await startService();
  const usage = (...args: string[]) => runInProcess(["usage", ...args], { MESSAGE_SENDER_URL: url });
  expect(await usage()).toEqual({
    stdout: "0 messages, 0 billable\n",
    stderr: "",
  });
  await send();
  await send({ ...order, tenant_id: "acme" });
  const lines = (await usage()).stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^day +type +status +category +messages +billable$/);
  expect(lines[1]).toMatch(/^20\d\d-\d\d-\d\d +text +sent +2 +0$/);
  expect(lines.slice(2)).toEqual(["2 messages, 0 billable"]);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const ofOne = await usage("--tenant", "acme", "--since", yesterday, "--json");
  expect(JSON.parse(ofOne.stdout)).toMatchObject({ messages: 1, counts: [{ message_type: "text", status: "sent" }] });
});

it("usage says what is wrong with a time", async () => {
  const { url } = await startService();
  const failed = await runInProcess(["usage", "--since", "yesterday"], { MESSAGE_SENDER_URL: url }).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("since must be a date") });
});
