import { ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes } from "../../contracts/fixtures.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import type { Recipients } from "../../ports/store/recipients.ts";
import { createMessageSender } from "../message-sender.ts";

const failed = (): Error => new Error("the port failed");

describe("a message that WhatsApp accepted under another name of its recipient", () => {
  it.each<[string, Recipients["noteName"]]>([
    [
      "throws",
      () => {
        throw failed();
      },
    ],
    ["rejects", () => new ResultAsync(Promise.reject(failed()))],
  ])("counts as sent if the port that notes the name %s", async (_, noteName) => {
    const ports = createTestPorts();
    ports.transport.answerWith({ ...exampleOutcomes.Accepted, waId: "447700900123" });
    const sender = createMessageSender({ ...ports, recipients: { ...ports.recipients, noteName } });
    const sent = await ports.clock.runUntil(sender.send(exampleCommand));
    expect(sent.isOk()).toBe(true);
  });
});
