import { startSandbox } from "@message-sender/emulator";
import { describe, expect, it, onTestFinished } from "vitest";

import { exitOf, post, serve, settingsFor } from "../../support/serve-process.ts";

describe("a shutdown with problems", () => {
  it("gives a hanging attempt 11 s, answers its call and exits with 0", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    sandbox.faults.add({ target: "graph", effect: { hang: true } });
    const { child, url } = await serve([], {
      ...settingsFor(sandbox),
      ATTEMPT_TIMEOUT_MS: "60000",
    });
    const sending = post(url);
    while (sandbox.graph.requestCount < 1) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGTERM");
    const answer = await sending;
    expect(answer.statusCode).toBe(504);
    expect(await answer.body.json()).toMatchObject({ message_status: "unknown", attempts: 1 });
    // At its limit of 24 s it would exit with 1.
    expect(await exitOf(child)).toBe(0);
  });

  it("keeps serving when nobody reads its output", async () => {
    const { child, url } = await serve(["--sandbox"], { LOG_LEVEL: "debug" });
    child.stdout.destroy();
    for (const _ of [1, 2, 3]) expect((await post(url)).statusCode).toBe(200);
    child.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
  });
});
