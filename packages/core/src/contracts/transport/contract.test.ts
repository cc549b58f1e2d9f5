import { errAsync, okAsync } from "neverthrow";

import type { Outcome } from "../../domain/outcome.ts";
import { scenarioOutcomes } from "../../../test/scenario-outcomes.ts";
import { createManualClock, createRecordingTransport, type ManualClock } from "../../in-memory/index.ts";
import type { Transport } from "../../ports/transport.ts";
import { bodyOf, exampleOutcomes } from "../fixtures.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeTransportContract, transportContract } from "./contract.ts";
import type { ReceivedRequest, TransportScenario, TransportSubject } from "./subject.ts";

const { Refused, NotSent, Ambiguous } = exampleOutcomes;

const setup = (): TransportSubject => {
  const clock = createManualClock();
  const scenarios = new Map<string, TransportScenario>();
  const received: ReceivedRequest[] = [];
  const transport = createRecordingTransport(({ credential, to, content, callbackData, via }) => {
    const scenario = scenarios.get(to) ?? "accepts";
    const { phoneNumberId } = credential;
    const accessToken = credential.accessToken.reveal();
    if (scenario !== "cannot be reached")
      received.push({ phoneNumberId, accessToken, to, content, callbackData, ...(via === "marketing" && { via }) });
    return scenario === "accepts"
      ? { kind: "Accepted", wamid: `wamid.${received.length}` }
      : scenarioOutcomes[scenario];
  });
  return {
    transport,
    clock,
    arrange: (scenario, to) => void scenarios.set(to, scenario),
    received: () => received,
  };
};

const broken =
  (change: (submit: Transport["submit"], subject: TransportSubject) => Transport["submit"]) =>
  (subject: TransportSubject) => ({ ...subject, transport: { submit: change(subject.transport.submit, subject) } });
const turning = (spoil: (outcome: Outcome) => Outcome) =>
  broken(
    (submit) =>
      (...submitted) =>
        submit(...submitted).map(spoil),
  );

describeTransportContract({ name: "recording transport", setup });

describeSabotage(transportContract, {
  setup,
  sabotages: {
    "Sends the submission unchanged": [
      broken((submit) => (submission, ...limits) => {
        const body = bodyOf(submission.content).normalize();
        return submit({ ...submission, content: { type: "text", text: { body } } }, ...limits);
      }),
      broken(
        (submit) =>
          (submission, ...limits) =>
            submit({ ...submission, callbackData: "" }, ...limits),
      ),
    ],
    "by the API that its `via` names": [
      broken(
        (submit) =>
          ({ via: _, ...submission }, ...limits) =>
            submit(submission, ...limits),
      ),
      broken((submit) => (submission, ...limits) => {
        const isTemplate = submission.content.type === "template";
        return submit(isTemplate ? { ...submission, via: "marketing" } : submission, ...limits);
      }),
    ],
    "Makes exactly one request and never repeats it, whatever it ends in": broken(
      (submit) =>
        (submission, ...limits) =>
          submit(submission, ...limits).andThen((outcome) =>
            outcome.kind === "Throttled" ? submit(submission, ...limits) : okAsync(outcome),
          ),
    ),
    "Asks `mayBegin` right before the first byte": broken((submit) => (submission, timeoutMs, mayBegin) => {
      mayBegin?.();
      return submit(submission, timeoutMs, mayBegin);
    }),
    "Where it answers false, nothing is sent, and the outcome is `NotSent`": broken(
      (submit) => (submission, timeoutMs, mayBegin) =>
        submit(submission, timeoutMs, () => mayBegin === undefined || mayBegin() || true),
    ),
    "Concurrent submissions do not affect each other": broken((submit) => {
      let underWay: { answer: ReturnType<Transport["submit"]> } | undefined;
      return (submission, ...limits) => {
        const answer = submit(submission, ...limits);
        const mixed = underWay?.answer ?? answer;
        underWay = { answer };
        queueMicrotask(() => (underWay = undefined));
        return mixed;
      };
    }),
    "an `Outcome` comes by `timeoutMs` after the call": broken(
      (submit, { clock }) =>
        (submission, timeoutMs, mayBegin) =>
          submit(submission, timeoutMs, mayBegin).map(async (outcome) => {
            if (outcome.kind === "Ambiguous") await (clock as ManualClock).advance(timeoutMs + 60_000);
            return outcome;
          }),
    ),
    "Never fails": broken(
      (submit) => (submission, timeoutMs, mayBegin) =>
        timeoutMs === 0 ? errAsync("no time" as never) : submit(submission, timeoutMs, mayBegin),
    ),
    "What WhatsApp accepts is `Accepted`, each with an id of its own": turning((outcome) =>
      outcome.kind === "Accepted" ? { ...outcome, wamid: "wamid" } : outcome,
    ),
    "What WhatsApp rejects is `Refused`, with whether that is final": turning((outcome) =>
      outcome.kind === "Refused" ? { ...outcome, final: true } : outcome,
    ),
    "A rate limit is `Throttled`, with whose limit it is": turning((outcome) =>
      outcome.kind === "Throttled" ? { ...outcome, scope: "somebody" as never } : outcome,
    ),
    "A rejected access token is `CredentialRefused`": turning((outcome) =>
      outcome.kind === "CredentialRefused" ? { ...Refused, failure: outcome.failure } : outcome,
    ),
    "A request that was sent and got no answer is `Ambiguous`": turning((outcome) =>
      outcome.kind === "Ambiguous" && !outcome.sawSuccess ? NotSent : outcome,
    ),
    "a success that cannot be read is `Ambiguous` with `sawSuccess`": turning((outcome) =>
      outcome.kind === "Ambiguous" ? { ...outcome, sawSuccess: false } : outcome,
    ),
    "`NotSent` proves that no byte of the request was sent or will be": [
      broken(
        (submit) =>
          (submission, timeoutMs, ...more) =>
            submit(submission, timeoutMs, ...more).map((outcome) =>
              outcome.kind === "NotSent" && more.length === 0 ? Ambiguous : outcome,
            ),
      ),
      (subject) => {
        const later: ReceivedRequest[] = [];
        const { transport, received } = subject;
        return {
          ...subject,
          transport: {
            submit: (submission, timeoutMs, ...more) =>
              transport.submit(submission, timeoutMs, ...more).andTee(({ kind }) => {
                const { to, content, callbackData } = submission;
                if (kind === "NotSent" && more.length === 0)
                  later.push({ phoneNumberId: "", accessToken: "", to, content, callbackData });
              }),
          },
          received: async () => [...(await received()), ...later],
        };
      },
    ],
    "No outcome contains the access token, even where WhatsApp quotes it": [
      broken(
        (submit) =>
          (submission, ...limits) =>
            submit(submission, ...limits).map((outcome) => {
              if (outcome.kind !== "Refused") return outcome;
              const details = outcome.failure.details.replace("[redacted]", submission.credential.accessToken.reveal());
              return { ...outcome, failure: { ...outcome.failure, details } };
            }),
      ),
      broken(
        (submit) =>
          (submission, ...limits) =>
            submit(submission, ...limits).map((outcome) =>
              outcome.kind === "Ambiguous" && outcome.cause.startsWith("[redacted]")
                ? { kind: "Accepted", wamid: submission.credential.accessToken.reveal() }
                : outcome,
            ),
      ),
    ],
  },
});
