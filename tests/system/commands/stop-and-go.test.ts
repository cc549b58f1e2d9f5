import { beforeEach, describe, expect, it } from "vitest";

import { runInProcess } from "../../support/command-in-process.ts";
import { order, outlet, type RunningService, startService, tenant, until } from "../../support/running-service.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let service: RunningService;

beforeEach(async () => {
  service = await startService({ environment: { RETRY_SCHEDULE_MS: "0" } });
});

function run(...args: readonly string[]): Promise<Ended> {
  return runInProcess(args, { MESSAGE_SENDER_URL: service.url }).then(
    (ended) => ({ code: 0, ...ended }),
    (error: Ended) => error,
  );
}

const jsonOf = ({ stdout }: Ended) => JSON.parse(stdout) as Record<string, unknown>;

/** Queues messages that wait, because their outlet is paused. */
async function queuePaused(count: number): Promise<readonly string[]> {
  const paused = await run("pause", "--tenant", tenant, "--outlet", outlet, "--reason", "The shop moves.");
  expect(paused.code, paused.stderr).toBe(0);
  const messages = Array.from({ length: count }, (_, at) => ({ ...order, reference: `r-${at}` }));
  const { body } = await service.post("/api/v1/messages/batch", { messages });
  return (body["results"] as { message_id: string }[]).map(({ message_id: id }) => id);
}

const statusOf = async (id: string) => (await service.get(`/api/v1/messages/${id}/status`)).body["status"];

it("queue shows what waits, and why", async () => {
  await queuePaused(2);
  const { code, stdout } = await run("queue");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^2 queued, 2 due, lag 0\.0 s\n/)]);
  expect(stdout).toMatch(new RegExp(`${tenant} +${outlet} +2 +2 +\\d+\\.\\d s +It waits: outlet`));
  expect(jsonOf(await run("queue", "--tenant", tenant, "--json"))).toMatchObject({
    depth: 2,
    outlets: [{ paused: true }],
  });
});

describe("pause and resume", () => {
  it("hold what is queued, show why, and let it go on", async () => {
    const [id = ""] = await queuePaused(1);
    const listed = jsonOf(await run("pause", "--list"))["pauses"];
    expect(listed).toMatchObject([{ id: `outlet:${tenant}:${outlet}`, reason: "The shop moves." }]);
    expect(await statusOf(id)).toBe("queued");
    expect((await run("resume", `outlet:${tenant}:${outlet}`)).code).toBe(0);
    await until(() => service.sandbox.graph.requestCount === 1);
    expect(await run("resume", `outlet:${tenant}:${outlet}`)).toMatchObject({ code: 1 });
  });

  it.each([
    [["pause", "--tenant", "acme"], /--reason/],
    [["pause", "--outlet", "main", "--reason", "x"], /needs its tenant/],
    [["pause", "--template", "order_ready", "--until", "tomorrow", "--reason", "x"], /until/],
  ])("%j is a usage error", async (args, reason) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
  });
});

describe("cancel", () => {
  it("withdraws one message", async () => {
    const [id = ""] = await queuePaused(1);
    expect(jsonOf(await run("cancel", id))).toMatchObject({ message_id: id, status: "canceled" });
    expect((await run("cancel", "no-such-message")).code).toBe(1);
  });

  it("by a filter asks first, says how many, and needs --yes where nobody can be asked", async () => {
    const [one = "", other = ""] = await queuePaused(2);
    const asked = await run("cancel", "--tenant", tenant);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("Cancel 2 messages?")]);
    expect(await statusOf(one)).toBe("queued");
    const done = await run("cancel", "--tenant", tenant, "--reference", "r-0", "--yes");
    expect([done.code, done.stdout]).toEqual([0, "1 message of 1 canceled.\n"]);
    expect([await statusOf(one), await statusOf(other)]).toEqual(["canceled", "queued"]);
    expect(jsonOf(await run("cancel", "--tenant", tenant, "--yes", "--json"))).toEqual({ matched: 1, changed: 1 });
    expect((await run("cancel", "--tenant", tenant)).stdout).toBe("No messages match.\n");
  });

  it("goes through many pages", async () => {
    const first = await queuePaused(1000);
    const others = await queuePaused(300);
    expect(first.length + others.length).toBe(1300);
    expect(jsonOf(await run("cancel", "--tenant", tenant, "--yes", "--json"))).toEqual({
      matched: 1300,
      changed: 1300,
    });
  });

  it.each([
    [[], /give either a message id or at least one filter/],
    [["m-1", "--tenant", "acme"], /give either a message id or at least one filter/],
    [["--idempotency-key", "k"], /needs --tenant/],
    [["--tenant", "acme", "--status", "sent"], /Allowed choices are queued/],
  ])("%j is a usage error", async (args, reason) => {
    const { code, stderr } = await run("cancel", ...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
  });
});

it("resolve by a filter sends again what failed", async () => {
  const fault = service.sandbox.faults.add({ target: "graph", effect: { graphError: 131026 } });
  const { body } = await service.send(order);
  fault.remove();
  const asked = await run("resolve", "--resend", "--status", "failed", "--to", order.to);
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("Resend 1 message?")]);
  const done = await run("resolve", "--resend", "--status", "failed", "--to", order.to, "--yes");
  expect([done.code, done.stdout]).toEqual([0, "1 message of 1 queued again.\n"]);
  await expect.poll(() => statusOf(String(body["message_id"])), { timeout: 60_000 }).toBe("sent");
  expect((await run("resolve", "--tenant", tenant)).stderr).toContain("--resend or --abandon");
});
