import { z } from "zod";

import { shuffled } from "../collections/shuffled.ts";
import type { Audience } from "../graph/people/audience.ts";
import type { GraphMessage } from "../graph/graph-message.ts";
import type { Delivery, WebhookRecord, WebhookScope } from "./delivery.ts";
import { createFailureRules, type FailureMatch } from "./failure-rules.ts";
import { createInbound, type Inbound, type ReceivedMessage, type Receiving } from "./inbound.ts";
import { type ChosenStatus, createStatusWebhooks, type SettledMessage } from "./status-webhooks.ts";
import { verifyTarget } from "./verify-target.ts";
import {
  resolveSettings,
  type WebhookOptions,
  type WebhookSettings,
  webhookSettingsSchema,
} from "./webhook-options.ts";
import type { StatusEvent, WebhookSource } from "./webhook-payload.ts";
import { createWebhookSender } from "./webhook-sender.ts";
import {
  createWebhookTargets,
  type SavedTarget,
  type TargetScope,
  targetSchema,
  type WebhookTarget,
} from "./webhook-target.ts";

/**
 * Sends the status webhooks of messages that are accepted while there is a target, whether or not the client received
 * the answer. As with Meta, a webhook may arrive before that answer.
 */
export interface WebhookControl extends Inbound {
  /**
   * Sets where webhooks go from now on, pending ones included; undefined: nowhere. With a scope: those of an account or of
   * a number, which go to the app's target otherwise. Targets survive a reset. Throws on an invalid target, and on
   * link-local addresses and the metadata services of clouds.
   */
  target(target: WebhookTarget | undefined, scope?: TargetScope): void;
  /** As `target`, but first asks the endpoint for `hub.challenge`, as Meta does. Rejects when it does not consent. */
  subscribe(target: WebhookTarget & { readonly verifyToken: string }, scope?: TargetScope): Promise<void>;
  /** Changes the given settings until the reset. Throws on an invalid one. */
  configure(settings: WebhookSettings): void;
  /** Holds webhooks back until `release`. */
  withhold(): void;
  /** Sends the webhooks that were held back. */
  release(): void;
  /** Sends each webhook of the messages to come this many times; 1 turns it off. */
  duplicate(times: number): void;
  /** Whether `release` shuffles. The order is the same every time, and no webhook keeps its place. */
  reorder(on: boolean): void;
  /**
   * Reports `failed` with an error of Meta's instead of `delivered` and `read`, unless an outcome was already sent.
   * `which` is a wamid or a predicate; the first rule that applies is used, until the reset. To name a message by its
   * wamid, withhold before you send it.
   */
  fail(which: string | ((message: GraphMessage) => boolean), errorCode: number, details?: string): void;
  /** Sends a webhook of `sent` again, with the same bytes, to the present target. false: there is none with this id. */
  redeliver(id: string): boolean;
  /** Resolves when no webhook is pending: each was answered, given up or withheld. */
  idle(): Promise<void>;
  /** A copy of the newest requests that have ended, oldest first. */
  readonly sent: readonly WebhookRecord[];
}

/** What the emulator itself calls. */
export interface WebhookService extends Omit<WebhookControl, "fail"> {
  /** As for others, or for messages that data describes. */
  fail(which: string | FailureMatch | ((message: GraphMessage) => boolean), errorCode: number, details?: string): void;
  accepted(message: GraphMessage): void;
  /** Reports a chosen status of a message, and none of those that were still to come. */
  choose(message: GraphMessage, chosen: ChosenStatus): void;
  readonly receive: Receiving["receive"];
  readonly prefer: Receiving["prefer"];
  sourceOf(phoneNumberId: string): WebhookSource;
  /**
   * Sends the webhooks of an account or a number to a URL of their own, signed with the app's secret, once it has answered
   * `hub.challenge`. Returns why it did not. Without a target of the app, there is nothing to sign with, and nothing changes.
   */
  override(url: string, verifyToken: string, scope: TargetScope): Promise<string | undefined>;
  /** Sends them to the app's URL again. */
  clearOverride(scope: TargetScope): void;
  state(): WebhookState;
  /** What `restore` needs to do the same again. */
  save(): SavedWebhooks;
  restore(saved: SavedWebhooks): void;
  /** Turns everything off and drops what is pending; the targets stay. */
  reset(): void;
  close(): void;
}

/** As the control API shows it. */
interface WebhookState extends WebhookSettings {
  readonly url: string | null;
  /** Targets of accounts and numbers. */
  readonly overrides?: readonly (TargetScope & { readonly url: string })[];
  readonly withheld: boolean;
  readonly duplicate: number;
  readonly reorder: boolean;
  readonly onTheWay: number;
  readonly sent: readonly WebhookRecord[];
}

/** The settings of webhooks, without what is on the way. */
interface SavedWebhooks {
  readonly settings: WebhookSettings;
  readonly received: number;
  readonly targets: readonly SavedTarget[];
  readonly failures: unknown;
  readonly settled: readonly SettledMessage[];
  readonly withheld: boolean;
  readonly duplicate: number;
  readonly reorder: boolean;
}

const timesSchema = z.int().min(1).max(100);

interface WebhookDeps {
  readonly keep: number;
  readonly now: () => number;
  readonly audience: () => Audience;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  /** Whether the app gets the webhooks of an account. */
  readonly isSubscribed: (wabaId: string) => boolean;
  /** Told of what happens: a message came in, a status was reported, a request to the target has ended. */
  readonly onInbound: (message: ReceivedMessage) => void;
  readonly onStatus: (event: StatusEvent) => void;
  readonly onSent: (record: WebhookRecord) => void;
}

export function createWebhooks(options: () => WebhookOptions, deps: WebhookDeps): WebhookService {
  const { keep, now, audience, onInbound, onStatus, onSent } = deps;
  const targets = createWebhookTargets(options());
  let changed: WebhookSettings = {};
  let settings = resolveSettings(options());
  let times = 1;
  let reorders = false;
  const failures = createFailureRules();
  let closed = false;
  let made = 0;
  const sender = createWebhookSender({ targetOf, settings: () => settings, keep, onSent });
  const inbound = createInbound({ now, audience, sourceOf, deliver, onMessage: onInbound });
  const statuses = createStatusWebhooks({
    settings: () => settings,
    now,
    sourceOf,
    phoneOf: ({ phoneNumberId, waId, recipient }) => waId ?? audience().phoneOf({ phoneNumberId, userId: recipient }),
    failureOf: failures.of,
    deliver,
    onStatus,
  });

  function targetOf(about: WebhookScope): WebhookTarget | undefined {
    return deps.isSubscribed(about.wabaId) ? targets.of(about) : undefined;
  }

  function deliver(delivery: Omit<Delivery, "id">, afterMs = 0): string | undefined {
    const hasTarget = targetOf(delivery.about) !== undefined;
    if (closed || (!hasTarget && !delivery.onDue)) return undefined;
    made += 1;
    const id = `webhook-${made}`;
    for (let copy = 0; copy < times; copy += 1) sender.schedule({ id, ...delivery }, afterMs);
    return hasTarget ? id : undefined;
  }

  function sourceOf(phoneNumberId: string): WebhookSource {
    const source = deps.sourceOf(phoneNumberId);
    const { phoneDisplay } = settings;
    return phoneDisplay === undefined ? source : { ...source, displayPhoneNumber: phoneDisplay };
  }

  const { inbound: receiveInbound, preference, errors, raw, receive, prefer } = inbound;

  return {
    inbound: receiveInbound,
    preference,
    errors,
    raw,
    receive,
    prefer,
    accepted: statuses.accepted,
    choose: statuses.settle,
    sourceOf,
    target: targets.set,
    async override(url, verifyToken, scope) {
      const ofApp = targets.ofApp();
      if (!ofApp) return undefined;
      const target = targetSchema.safeParse({ url, appSecret: ofApp.appSecret });
      if (!target.success) return "the URL is not allowed";
      const refusal = await verifyTarget(url, verifyToken, settings.timeoutMs);
      if (refusal === undefined) targets.override(target.data, scope);
      return refusal;
    },
    clearOverride: (scope) => targets.override(undefined, scope),
    async subscribe({ verifyToken, ...target }, scope) {
      const refusal = await verifyTarget(targetSchema.parse(target).url, verifyToken, settings.timeoutMs);
      if (refusal !== undefined) throw new Error(`The callback URL or verify token couldn't be validated: ${refusal}.`);
      targets.set(target, scope);
    },
    configure(next) {
      changed = { ...changed, ...webhookSettingsSchema.parse(next) };
      settings = resolveSettings({ ...options(), ...changed });
    },
    withhold: () => sender.pause(),
    release: () => sender.resume(reorders ? shuffled : undefined),
    duplicate(count) {
      times = timesSchema.parse(count);
    },
    reorder(on) {
      reorders = on;
    },
    fail(which, code, details) {
      const meant = typeof which === "string" ? { wamid: which } : which;
      failures.add(meant, { code, ...(details !== undefined && { details }) });
    },
    redeliver: sender.redeliver,
    idle: () => sender.idle(),
    get sent() {
      return sender.sent;
    },
    state() {
      const overrides = targets.overrides();
      return {
        ...changed,
        url: targets.ofApp()?.url ?? null,
        ...(overrides.length > 0 && { overrides }),
        withheld: sender.paused,
        duplicate: times,
        reorder: reorders,
        onTheWay: sender.pendingCount,
        sent: sender.sent,
      };
    },
    save: () => ({
      settings: changed,
      received: inbound.receivedCount,
      targets: targets.save(),
      failures: failures.save(),
      settled: statuses.save(),
      withheld: sender.paused,
      duplicate: times,
      reorder: reorders,
    }),
    restore(saved) {
      inbound.receivedCount = z.int().parse(saved.received);
      changed = webhookSettingsSchema.parse(saved.settings);
      settings = resolveSettings({ ...options(), ...changed });
      targets.restore(saved.targets);
      failures.restore(saved.failures);
      statuses.restore(saved.settled);
      times = timesSchema.parse(saved.duplicate);
      reorders = saved.reorder;
      if (saved.withheld) sender.pause();
    },
    reset() {
      times = 1;
      reorders = false;
      failures.clear();
      targets.reset();
      changed = {};
      settings = resolveSettings(options());
      statuses.reset();
      sender.drop();
      sender.resume();
      sender.clearLog();
    },
    close() {
      closed = true;
      sender.drop();
    },
  };
}
