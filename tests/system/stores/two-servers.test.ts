import { type SandboxOptions, startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../support/postgres.ts";
import { order, until } from "../../support/running-service.ts";
import { exitOf, serve, type ServeProcess, settingsFor } from "../../support/serve-process.ts";

const postgres = usePostgres();
const otherTenant = { ...order, tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a99" };

interface Answer {
  readonly status: number;
  readonly isReplayed: boolean;
  readonly body: { readonly message_id?: string };
}

/** Repeats a send that got 503: on a busy machine, the test's own Tenant Service may answer too late. */
async function send(server: ServeProcess, key: string, body: object = order): Promise<Answer> {
  const answer = await request(`${server.url}/api/v1/messages/send`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(body),
  });
  const answered = (await answer.body.json()) as Answer["body"];
  if (answer.statusCode === 503) return send(server, key, body);
  return {
    status: answer.statusCode,
    isReplayed: answer.headers["idempotency-replayed"] === "true",
    body: answered,
  };
}

/** Two servers on one database, with emulated services. */
async function setup(options: SandboxOptions = {}, environment: Readonly<Record<string, string>> = {}) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const start = () =>
    serve([], {
      DATABASE_URL: postgres.url,
      ...settingsFor(sandbox),
      RETRY_JITTER: "0",
      ...environment,
    });
  const servers = (await Promise.all([start(), start()])) as [ServeProcess, ServeProcess];
  return { sandbox, servers, start };
}

beforeEach(postgres.empty);

describe("two servers on one PostgreSQL", () => {
  it("send once under one key, however many requests either gets; keep tenants' keys apart; replay for a dead one", async () => {
    const { sandbox, servers, start } = await setup();
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { delayMs: 300 } });
    const asked = Array.from({ length: 100 }, (_, index) => send(servers[index % 2 === 0 ? 0 : 1], "order-42"));
    const others = Array.from({ length: 10 }, (_, index) =>
      send(servers[index % 2 === 0 ? 0 : 1], "order-42", otherTenant),
    );
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const ids = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.message_id));
    const otherIds = new Set(
      (await Promise.all(others)).flatMap(({ status, body }) => (status === 200 ? body.message_id : [])),
    );
    expect([ids.size, otherIds.size, sandbox.graph.requestCount]).toEqual([1, 1, 2]);
    expect(ids).not.toEqual(otherIds);

    for (const { child } of servers) {
      child.kill("SIGKILL");
      await exitOf(child);
    }
    const after = await start();
    const again = await send(after, "order-42");
    expect([again.status, again.isReplayed, ids.has(again.body.message_id)]).toEqual([200, true, true]);
    const reused = await send(after, "order-42", { ...order, message: "Another order." });
    expect(reused.status).toBe(422);
    expect(sandbox.graph.requestCount).toBe(2);
  });

  it("deliver the history entries of a dead one, each once, from the one that is alive", async () => {
    const { sandbox, servers } = await setup();
    const [one, other] = servers;
    const fault = sandbox.faults.add({ target: "conversation", effect: { status: 503 } });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => send(one, `order-${index}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // Entries that a dead server has leased are due for others after 30 s. This waits less.
    await until(() => sandbox.conversation.requestCount > 1);
    one.child.kill("SIGKILL");
    await exitOf(one.child);
    fault.remove();
    await until(() => sandbox.conversation.messages.length === 10);
    other.child.kill("SIGTERM");
    expect(await exitOf(other.child)).toBe(0);
  });

  it("share the rate of a number: together they send what one may", async () => {
    const limits = { throughputPerSecond: 20 };
    const { sandbox, servers } = await setup({ limits }, { PACING: "on", PACE_NUMBER_PER_SECOND: "20" });
    const sendMany = async (count: number, to: number): Promise<void> => {
      const answers = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          send(servers[index % 2 === 0 ? 0 : 1], `${to}-${index}`, { ...order, to: `+${to + index}` }),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    };
    // Two servers that have just started are slow, each in another way.
    await sendMany(20, 628_120_000_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = sandbox.graph.requestCount;
    await sendMany(80, 628_130_000_000);
    expect(sandbox.graph.messageCount).toBe(100);
    // Two servers that each send 20 a second begin with 40, of which WhatsApp refuses 20. A busy machine bunches a few that left evenly.
    expect(sandbox.graph.requestCount - before).toBeLessThan(88);
  });
});
