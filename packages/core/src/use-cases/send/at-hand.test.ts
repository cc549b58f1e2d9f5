import { ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, exampleStatusUpdate } from "../../contracts/fixtures.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Message, ProviderStatus } from "../../domain/message.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { Transport } from "../../ports/transport.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";

const { Accepted, Refused, Throttled, CredentialRefused, NotSent, Ambiguous } = exampleOutcomes;

interface Case {
  /** What WhatsApp answers, attempt by attempt. */
  readonly answers: readonly Outcome[];
  /** What webhooks report of the first attempt before it is answered. */
  readonly reported?: readonly ProviderStatus[];
}

const cases: Readonly<Record<string, Case>> = {
  "is accepted": { answers: [Accepted] },
  "is accepted, and its webhook says so first": { answers: [Accepted], reported: ["sent"] },
  "is accepted, and was read by then": { answers: [Accepted], reported: ["read", "delivered"] },
  "is accepted, and has failed by then": { answers: [Accepted], reported: ["failed"] },
  "is rejected permanently": { answers: [{ ...Refused, final: true, maybeProcessed: false }] },
  "is rejected, and a webhook says that it was sent": { answers: [{ ...Refused, final: true }], reported: ["sent"] },
  "is rejected, then accepted": { answers: [Refused, Accepted] },
  "is throttled, then accepted": { answers: [Throttled, Accepted] },
  "is throttled too often": { answers: [Throttled, Throttled, Throttled, Throttled] },
  "has rejected credentials": { answers: [CredentialRefused] },
  "is not sent, then accepted": { answers: [NotSent, Accepted] },
  "cannot be sent": { answers: [{ ...NotSent, final: true }] },
  "gets no answer, then accepted": { answers: [Ambiguous, Accepted] },
  "gets no answer, but webhooks": { answers: [Ambiguous], reported: ["sent", "delivered"] },
  "gets an unreadable success": { answers: [{ ...Ambiguous, sawSuccess: true }] },
};

/** `ports`, with a wait before each credential, each block of quota and each permit. */
function slow(ports: TestPorts): MessageSenderPorts {
  const { clock, credentials, quota, pacer } = ports;
  const later = <T, E>(work: () => ResultAsync<T, E>) => new ResultAsync(clock.sleep(10).then(work));
  return {
    ...ports,
    credentials: { lookup: (...given) => later(() => credentials.lookup(...given)) },
    quota: { ...quota, reserve: (request) => later(() => quota.reserve(request)) },
    pacer: { ...pacer, withPermit: (...given) => later(() => pacer.withPermit(...given)) },
  };
}

/** What can be seen of one send: its answer, its document, its requests, its history and what telemetry got. */
async function seen({ answers, reported = [] }: Case, { isSlow, key }: { isSlow: boolean; key: string | undefined }) {
  const ports = createTestPorts();
  const { clock, transport, telemetry, history } = ports;
  let reports: ProviderStatus[] = [];
  async function submit(...given: Parameters<Transport["submit"]>) {
    const statuses = reports.map((status) => reportOf(status, given[0].callbackData, clock.now()));
    reports = [];
    if (statuses.length > 0) (await sender.receiveWebhook({ statuses }))._unsafeUnwrap();
    return transport.submit(...given);
  }
  const sender = createMessageSender(
    { ...(isSlow ? slow(ports) : ports), transport: { submit: (...given) => new ResultAsync(submit(...given)) } },
    { retry: { jitter: 0 } },
  );
  if (!isSlow) (await clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
  await sender.tick();
  reports = [...reported];
  const [requestsBefore, eventsBefore] = [transport.submissions.length, telemetry.events.length];
  transport.answerWith(...answers);
  const sent = await clock.runUntil(sender.send({ ...exampleCommand, ...(key && { idempotency: { key } }) }));
  const { id } = sent.isOk() ? sent.value.message : (sent.error as { readonly message: Message }).message;
  await sender.tick();
  const facts = {
    sent,
    stored: (await sender.find(id))._unsafeUnwrap(),
    events: telemetry.events.slice(eventsBefore).filter(({ kind }) => !ofWaits.includes(kind)),
    requests: transport.submissions.slice(requestsBefore),
    told: history.conversation(exampleCommand.conversationId).filter(({ messageId }) => messageId === id),
  };
  const text = JSON.stringify(facts, (name, value: unknown) => (durations.has(name) ? undefined : value));
  return { facts, shown: JSON.parse(text.replaceAll(id, "its id").replace(times, '"a time"')) as object };
}

/** Waits differ, and so do the times after them. */
const ofWaits = ["CallAnswered", "PermitWaited", "QuotaReserved", "QuotaSettled"];
const durations: ReadonlySet<string> = new Set(["durationMs", "sinceAcceptedMs"]);
const times = /"\d{4}-\d\d-\d\dT[^"]*"/g;

function reportOf(status: ProviderStatus, callbackData: string, at: Date) {
  const phoneNumberId = `number-of-${exampleCommand.outletId}`;
  const { failure, ...update } = exampleStatusUpdate({ status, callbackData, phoneNumberId, at });
  return { ...update, ...(status === "failed" && failure && { failure }) };
}

describe.each(Object.entries(cases))("a message that %s", (_, example) => {
  it.each(["order-42", undefined])(
    "ends alike whether its send had to wait for anything or not (key: %s)",
    async (key) => {
      const [atHand, waited] = [
        await seen(example, { isSlow: false, key }),
        await seen(example, { isSlow: true, key }),
      ];
      expect(atHand.shown).toEqual(waited.shown);
      expect(atHand.facts.requests.length).toBe(example.answers.length);
    },
  );
});
