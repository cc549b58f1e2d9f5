import { errAsync, ResultAsync } from "neverthrow";
import type { OutletRef } from "../content/identifiers.ts";
import { createInFlight } from "../lifecycle/in-flight.ts";
import { noTracing } from "../lifecycle/no-tracing.ts";
import { safeTelemetry } from "../lifecycle/safe-telemetry.ts";
import { closing, createShutdownSignal } from "../lifecycle/shutdown-signal.ts";
import { timelineConflict } from "../ports/timeline.ts";
import { createWallSteps } from "../time/wall-steps.ts";
import { createAccept } from "./accept/accept-message.ts";
import { findMessage } from "./accept/find-message.ts";
import { createKeysInUse } from "./accept/keys-in-use.ts";
import type { EnqueueMessageCommand } from "./accept/send-command.ts";
import { createAdviseFailure } from "./attempt/advise-failure.ts";
import { createMakeAttempt } from "./attempt/attempt.ts";
import { createCommits } from "./attempt/commits.ts";
import { createNextAttempt } from "./attempt/next-attempt.ts";
import { createNoteRecipientName } from "./attempt/note-recipient-name.ts";
import { createUnrecordedAttempts } from "./attempt/unrecorded-attempts.ts";
import { createWithPermit } from "./attempt/with-permit.ts";
import { createCredentialCache } from "./credentials/credential-cache.ts";
import { createListMessages } from "./list/list-messages.ts";
import { createErasePerson } from "./erasure/erase-person.ts";
import { createBackground } from "./maintenance/background.ts";
import { createForgetOld } from "./maintenance/forget-old.ts";
import { createReadiness } from "./maintenance/readiness.ts";
import { createRecoverMessages } from "./maintenance/recover-messages.ts";
import type { MessageSender } from "./message-sender-operations.ts";
import { type MessageSenderOptions, settingsOf } from "./message-sender-options.ts";
import type { MessageSenderPorts } from "./message-sender-ports.ts";
import { createDeliveries } from "./outbox/deliveries.ts";
import { createHandOver } from "./outbox/hand-over.ts";
import { createMessageDeliveries } from "./outbox/message-deliveries.ts";
import { createReplayHistory } from "./history/replay-history.ts";
import { createStatusChanges } from "./outbox/status-changes.ts";
import { createChangeMany } from "./bulk/change-many.ts";
import { createCancelMessage } from "./queue/cancel-message.ts";
import { createEnqueueMany } from "./queue/enqueue-many.ts";
import { createEnqueueMessage } from "./queue/enqueue-message.ts";
import { createQueueLimit } from "./queue/queue-limit.ts";
import { createResolveMessage } from "./queue/resolve-message.ts";
import { createQueueState } from "./queue/queue-state.ts";
import { createQueueWork } from "./queue/work-queue.ts";
import { createChangePauses } from "./pauses/change-pauses.ts";
import { createKnownPauses } from "./pauses/known-pauses.ts";
import { createPauseCheck } from "./pauses/pause-check.ts";
import { createTenantQuota } from "./quota/tenant-quota.ts";
import { createQuotaUnits } from "./quota/quota-units.ts";
import { createMarkRead } from "./requests/mark-read.ts";
import { createUploadMedia } from "./requests/upload-media.ts";
import { createDeliverInPlace } from "./send/deliver-in-place.ts";
import { createFirstAttempt } from "./send/first-attempt.ts";
import { createResumeMessage } from "./send/resume-message.ts";
import { createSendMessage } from "./send/send-message.ts";
import { createReceiveWebhook } from "./webhooks/receive-webhook.ts";
import { createTemplateCheck } from "./templates/template-check.ts";
import { createCountUsage } from "./usage/count-usage.ts";
import { createKeptWebhooks } from "./webhooks/kept-webhooks.ts";
import { createRecordStatuses } from "./webhooks/record-statuses.ts";

/**
 * Creates a sender from its ports. Throws a `RangeError` for numbers that make no sense, and a `TypeError` for options that
 * do not exist or are of the wrong type, and if a manual clock is combined with ports that wait in real time or by another clock.
 *
 * @example
 * const sender = createMessageSender(ports, { retry: { sendDeadlineMs: 30_000 }, ambiguity: { onAmbiguous: "hold" } });
 * sender.start();
 * const sent = await sender.send({
 *   tenantId: "acme",
 *   outletId: "main",
 *   conversationId: "c-17",
 *   to: "+628123456789",
 *   content: text("Hello! Your order is ready."),
 *   idempotency: { key: "order-17-ready" },
 * });
 * sent.match(({ message }) => console.log(statusOf(message)), (error) => console.error(error.kind));
 * await sender.close();
 */
export function createMessageSender(ports: MessageSenderPorts, options: MessageSenderOptions = {}): MessageSender {
  const conflict = timelineConflict(ports);
  if (conflict) throw new TypeError(conflict);
  const settings = settingsOf(options);
  const wallSteps = createWallSteps(ports.clock);
  const { clock } = wallSteps;
  const telemetry = safeTelemetry(ports.telemetry);
  const tracing = ports.tracing ?? noTracing;
  const shutdown = createShutdownSignal(clock);
  const calls = createInFlight();
  const credentials = createCredentialCache(ports.credentials, {
    clock,
    ttlMs: settings.credentialsTtlMs,
    rememberMs: 30_000,
  });
  const ownPorts = { ...ports, clock, telemetry, tracing, shutdown };
  const deliveries = createDeliveries(ownPorts);
  const handOver = createHandOver(ports.messages, deliveries);
  const { messages } = handOver;
  const statusChanges = createStatusChanges(ownPorts);
  const templateCheck = createTemplateCheck(ownPorts);
  const knownPauses = createKnownPauses({
    ...ownPorts,
    isOverruled: ({ owner }, { outlet, content, credential }) =>
      owner === "whatsapp" &&
      content !== undefined &&
      credential !== undefined &&
      templateCheck.knows({ outlet, content }, credential),
  });
  const changePauses = createChangePauses({ pauses: ports.pauses, known: knownPauses, clock });
  const pauseCheck = createPauseCheck({ known: knownPauses, credentials, clock });
  const checks = { templateCheck, pauseCheck, changePauses };
  const base = { ...ownPorts, ...settings, ...checks, messages, wallSteps, credentials, statusChanges };

  const commits = createCommits(base);
  const unrecorded = createUnrecordedAttempts({ ...base, ...commits });
  const adviseFailure = createAdviseFailure(base);
  const noteRecipientName = createNoteRecipientName(base);
  const withPermit = createWithPermit(base);
  const makeAttempt = createMakeAttempt({ ...base, ...commits, unrecorded, adviseFailure, noteRecipientName });
  const nextAttempt = createNextAttempt({ ...base, ...commits, makeAttempt, withPermit });
  const deliverInPlace = createDeliverInPlace({ ...base, nextAttempt });

  const units = createQuotaUnits(base);
  const keysInUse = createKeysInUse();
  const accept = createAccept(base);
  const firstAttempt = createFirstAttempt({ ...base, accept, makeAttempt, withPermit });
  const parts = { ...base, ...commits, calls, unrecorded, units, keysInUse, accept, withPermit, deliverInPlace };
  const resumeMessage = createResumeMessage({ ...parts, deliver: deliverInPlace.deliver });
  const sendMessage = createSendMessage({ ...parts, firstAttempt, resumeMessage });
  const enqueueMessage = createEnqueueMessage({ ...parts, limit: createQueueLimit(parts) });
  const resolveMessage = createResolveMessage(parts);
  const cancelMessage = createCancelMessage(parts);
  const markRead = createMarkRead(parts);
  const uploadMedia = createUploadMedia(parts);
  const statuses = createRecordStatuses({ ...parts, adviseFailure });
  const receiveWebhook = createReceiveWebhook({ ...base, recordStatuses: statuses.record });
  const listMessages = createListMessages(base);
  const bulk = createChangeMany({ clock, listMessages, cancelMessage, resolveMessage });
  const countUsage = createCountUsage(base);
  const erasePerson = createErasePerson(parts);
  const keptWebhooks = createKeptWebhooks(base);
  const replays = createReplayHistory(parts);
  const readiness = createReadiness(base);
  const isPaused = (outlet: OutletRef): boolean => knownPauses.outletUntil(outlet) !== undefined;
  const background = createBackground({
    ...base,
    calls,
    units,
    recoverMessages: createRecoverMessages(parts),
    settleUnrecorded: unrecorded.settle,
    recordParked: statuses.recordParked,
    forgetOld: createForgetOld(base),
    queueWork: settings.worker ? createQueueWork({ ...parts, makeAttempt, isPaused, track: calls.track }) : undefined,
    deliveries: Object.values(deliveries),
    handOver,
    knownPauses,
  });

  const enqueue = (command: EnqueueMessageCommand) =>
    calls.track(enqueueMessage(command)).andTee(({ message }) => background.wakeQueue(message));

  return {
    send: sendMessage,
    enqueue,
    enqueueMany: createEnqueueMany(enqueue),
    markRead: (command) => calls.track(markRead(command)),
    uploadMedia: (command) => calls.track(uploadMedia(command)),
    resolve: (command) => calls.track(resolveMessage(command)).andTee(background.wakeQueue),
    cancel: (command) => calls.track(cancelMessage(command)),
    cancelMany: (query) => calls.track(bulk.cancelMany(query)),
    resolveMany: (query) => calls.track(bulk.resolveMany(query)).andTee(() => background.wakeQueue()),
    find: (messageId, tenantId) => findMessage(messages, messageId, tenantId),
    list: (query = {}) => listMessages(query),
    receiveWebhook: (command) =>
      calls.track(receiveWebhook(command)).andTee(({ kept }) => {
        if (kept > 0) background.wake();
      }),
    usage: (query) => calls.track(countUsage(query)),
    webhooks: keptWebhooks.list,
    forwardWebhooks: (query) => calls.track(keptWebhooks.forward(query)).andTee(background.wake),
    replayHistory: (query) => calls.track(replays.replayHistory(query)).andTee(background.wake),
    replayHistoryOf: (command) => calls.track(replays.replayHistoryOf(command)).andTee(background.wake),
    deadHistory: (query) => ports.outbox.listDead("history", query),
    deliveriesOf: createMessageDeliveries(ports),
    replayCallbacks: () => calls.track(ports.outbox.revive("status")).andTee(background.wake),
    discardCallbacks: () => calls.track(ports.outbox.discard("status")),
    erase: (command) => calls.track(erasePerson(command)),
    pause: (command) => calls.track(changePauses.pause(command)),
    resume: (command) => calls.track(changePauses.resume(command)).andTee(() => background.wakeQueue()),
    queueState: createQueueState({ ...base, pauses: knownPauses }),
    quotaOf: createTenantQuota({ quota: ports.quota, units }),
    outlets: credentials.outlets,
    pauses: changePauses.list,
    pauseOf: pauseCheck.pauseOf,
    onStatus: statusChanges.subscribe,
    check: () =>
      shutdown.closing ? errAsync(closing) : ResultAsync.fromSafePromise(background.recovered()).andThen(readiness),
    tick: background.tick,
    start: background.start,
    close: background.close,
  };
}
