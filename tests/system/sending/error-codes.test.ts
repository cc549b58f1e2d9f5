import { graphErrorRanges, graphErrorRule, graphErrorRules } from "@message-sender/http-adapter/outbound";
import { connectWebhooks } from "@message-sender/server";
import { describe, expect, it } from "vitest";

import { type Answered, expectations, type Expected, shortDeadlineMs } from "./expected-errors.ts";
import { order, type RunningService, startService, tenant } from "../../support/running-service.ts";

const longDeadlineMs = 30_000;

/** Each answer has an outlet and a number of its own, so that they do not affect each other. */
function placeOf(index: number) {
  const digits = String(index).padStart(4, "0");
  return {
    outletId: `0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f${digits}`,
    phoneNumberId: `10654035224${digits}`,
    accessToken: `EAAtoken${digits}`,
    to: `+62812345${digits}`,
  };
}

async function start(answers: readonly Answered[], deadlineMs: number): Promise<RunningService> {
  const outlets = answers.map((_, index) => {
    const { outletId, phoneNumberId, accessToken } = placeOf(index);
    return [outletId, { waba_access_token: accessToken, phone_number_id: phoneNumberId }] as const;
  });
  const service = await startService({
    sandbox: { tenants: { [tenant]: { quota: { limit: 1000 }, outlets: Object.fromEntries(outlets) } } },
    environment: { RETRY_SCHEDULE_MS: "0,10,20,40", SEND_DEADLINE_MS: String(deadlineMs), PACING: "off" },
  });
  for (const [index, { code, status, isTransient }] of answers.entries()) {
    service.sandbox.faults.add({
      target: "graph",
      match: { to: placeOf(index).to },
      effect: {
        graphError: code,
        ...(status !== undefined && { status }),
        ...(isTransient !== undefined && { isTransient }),
      },
    });
  }
  return service;
}

/** Sends a message and returns everything that is known about it afterwards. */
async function sent({ send, get, sandbox }: RunningService, index: number) {
  const { outletId, phoneNumberId, to } = placeOf(index);
  const answer = await send({ ...order, outlet_id: outletId, to });
  const record = (await get(`/api/v1/messages/${String(answer.body["message_id"])}`)).body;
  const requests = sandbox.graph.requests.filter(({ path }) => path.includes(`/${phoneNumberId}/`));
  return { answer, record, requests: requests.length };
}

describe("every code of the table", () => {
  it("has an expectation here", () => {
    const expected = expectations.flatMap(({ answers }) => answers.map(({ code }) => code));
    const known = Object.keys(graphErrorRules).map(Number);
    expect(known.filter((code) => !expected.includes(code))).toEqual([]);
    for (const { first, last } of graphErrorRanges) {
      expect(expected).toEqual(expect.arrayContaining([first, last]));
    }
  });

  it.each([longDeadlineMs, shortDeadlineMs])("is handled by its class, in a call of %i ms", async (deadlineMs) => {
    const cases = expectations
      .filter((expected) => (expected.deadlineMs ?? longDeadlineMs) === deadlineMs)
      .flatMap((expected) => expected.answers.map((answered) => ({ expected, answered })));
    const service = await start(
      cases.map(({ answered }) => answered),
      deadlineMs,
    );
    const results = await Promise.all(cases.map((_, index) => sent(service, index)));
    for (const [index, { expected, answered }] of cases.entries()) {
      const label = `code ${answered.code}, ${expected.kind}`;
      const { answer, record, requests } = results[index] ?? {};
      expect.soft(requests, label).toBe(expected.requests);
      expect.soft(answer, label).toMatchObject({
        status: expected.answer.status,
        body: {
          type: `/problems/${expected.answer.problem}`,
          message_status: "failed",
          attempts: expected.requests,
          whatsapp_error: { code: answered.code, details: expect.any(String), fbtrace_id: expect.any(String) },
        },
      });
      const { retryAfter } = expected.answer;
      if (retryAfter) expect.soft(answer?.headers["retry-after"], label).toMatch(retryAfter);
      else expect.soft(answer?.headers, label).not.toHaveProperty("retry-after");
      expect.soft(attemptsOf(record), label).toEqual(ledgerOf(expected, answered));
    }
    await service.close();
    expect(service.sandbox.tenant.quotaOf(tenant)).toMatchObject({ used: 0 });
  });

  it("in a webhook fails the message with its advice, without a retry", async () => {
    const brought = expectations.flatMap(({ answers }) => answers.filter(({ status }) => status === undefined));
    const service = await startService();
    const { webhooks, graph } = service.sandbox;
    connectWebhooks(service.sandbox, service.url);
    for (const [index, { code }] of brought.entries())
      webhooks.fail(({ recipient }) => recipient === placeOf(index).to, code);
    const answers = await Promise.all(brought.map((_, index) => service.send({ ...order, to: placeOf(index).to })));
    await webhooks.idle();
    for (const [index, { body }] of answers.entries()) {
      const { code = NaN } = brought[index] ?? {};
      const record = (await service.get(`/api/v1/messages/${String(body["message_id"])}`)).body;
      expect.soft(record, `code ${code}`).toMatchObject({
        status: "failed",
        failure: { code, advice: expect.stringContaining(graphErrorRule(code)?.advice ?? "?") },
        attempts: [{ outcome: "accepted" }],
      });
    }
    expect(graph.requests).toHaveLength(brought.length);
  });
});

/** Without the waiting times, which depend on the machine. */
function attemptsOf(record: Readonly<Record<string, unknown>> | undefined) {
  const attempts = record?.["attempts"] as readonly Readonly<Record<string, unknown>>[] | undefined;
  return attempts?.map(({ waited_ms: _, ...attempt }) => attempt);
}

function ledgerOf(expected: Expected, { code, status }: Answered) {
  return Array.from({ length: expected.requests }, (_, position) => ({
    number: position + 1,
    started_at: expect.any(String),
    duration_ms: expect.any(Number),
    outcome: expected.outcome,
    dispatched: true,
    http_status: status ?? expect.any(Number),
    code,
    details: expect.any(String),
    fbtrace_id: expect.any(String),
    class: expected.class,
    ...(expected.scope !== undefined && { scope: expected.scope }),
    ...(position < expected.requests - 1
      ? { decision: "repeat", reason: reasonOf("repeated", code, expected.repeated) }
      : { decision: "stop", reason: reasonOf("not repeated", code, expected.stopped) }),
  }));
}

/** Begins with the decision, the code and its title, and continues as expected. */
function reasonOf(decision: string, code: number, rest = /$/) {
  const { title = "an error that Meta does not document" } = graphErrorRule(code) ?? {};
  const begins = new RegExp(`^${decision}[^:;]*: ${code}, ${title}; `);
  return expect.toSatisfy(
    (reason) => begins.test(String(reason)) && rest.test(String(reason)),
    `${begins} and ${rest}`,
  );
}
