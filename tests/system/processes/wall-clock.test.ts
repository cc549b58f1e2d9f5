import { afterEach, expect, it, vi } from "vitest";

import { startService } from "../../support/running-service.ts";

const hourMs = 3_600_000;
const slots = [200, 300, 400];
const RealDate = Date;

/** Sets the wall clock of this process, as an operator or NTP does. */
function setClock(aheadMs: number): void {
  vi.stubGlobal(
    "Date",
    class extends RealDate {
      constructor(...given: [] | [number]) {
        if (given.length === 0) super(RealDate.now() + aheadMs);
        else super(...given);
      }

      static override now(): number {
        return RealDate.now() + aheadMs;
      }
    },
  );
}

afterEach(() => void vi.unstubAllGlobals());

it.each([hourMs, -hourMs, 2 * hourMs, -2 * hourMs])(
  "a server whose clock is set by %i ms during a send makes its attempts and stores the history",
  async (stepMs) => {
    const { send, sandbox } = await startService({ environment: { RETRY_SCHEDULE_MS: [0, ...slots].join() } });
    for (const [round, place] of (["attempt", "wait", "history"] as const).entries()) {
      vi.unstubAllGlobals();
      const { graph, conversation, faults } = sandbox;
      const [attempted, told] = [graph.requests.length, conversation.requests.length];
      faults.add({ target: "graph", trigger: { next: 3 }, effect: { status: 503 } });
      faults.add({ target: "conversation", trigger: { next: 1 }, effect: { status: 503 } });
      const sending = send();
      const begun = () => {
        if (place === "history") return conversation.requests.length > told;
        return graph.requests.slice(attempted).some(({ endedAt }) => place === "attempt" || endedAt);
      };
      await expect.poll(begun, { interval: 5 }).toBe(true);
      setClock(stepMs);
      expect(await sending).toMatchObject({ status: 200, body: { status: "sent" } });

      const attempts = graph.requests.slice(attempted);
      const waits = attempts.slice(1).map(({ at }, index) => at - Number(attempts[index]?.endedAt));
      expect(waits).toHaveLength(slots.length);
      for (const [index, slotMs] of slots.entries()) expect(waits[index]).toBeGreaterThanOrEqual(slotMs);
      await expect.poll(() => conversation.messages.length).toBe(round + 1);
    }
  },
);
