import { expect, it } from "vitest";

import { command } from "../../test/messages.ts";
import { createTestConsole } from "../../test/visit.ts";

it("shows the times in reasons as all times: in the list, the journey and the queue", async () => {
  const test = createTestConsole();
  const scheduledAt = new Date(test.ports.clock.now().getTime() + 60_000);
  const { message } = (await test.sender.enqueue({ ...command(), scheduledAt }))._unsafeUnwrap();
  const time = `<time datetime="${scheduledAt.toISOString()}"`;
  const visitor = test.browser();
  for (const [path, reason] of [
    ["/console/messages", "It is scheduled for "],
    [`/console/messages/${message.id}`, "It is scheduled for "],
    ["/console", "Its next message is due at "],
  ]) {
    const { html } = await visitor.get(String(path));
    expect(html, path).toContain(`${reason}${time}`);
    expect(html.replaceAll(/<[^>]*>/g, ""), path).not.toContain(scheduledAt.toISOString());
  }
});
