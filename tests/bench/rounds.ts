import { ask, quietUsageOf, type Running, type RunningServer, usageOf } from "./processes.ts";
import { parallel, sendMessages } from "./sends.ts";
import { updatesPerSecond } from "./status-webhooks.ts";

export interface SendRound {
  readonly cpuMicros: number;
  readonly perSecond: number;
  /** The 99th percentile during the sends. */
  readonly eventLoopDelayMs: number;
}

export async function measureSends(subject: Running, count: number): Promise<SendRound> {
  const before = await quietUsageOf(subject);
  const startedAt = performance.now();
  if (subject.url === undefined) await ask(subject, { kind: "send", count, parallel });
  else await sendMessages(subject.url, count, subject.apiKey);
  const seconds = (performance.now() - startedAt) / 1000;
  const { eventLoopDelayMs } = await usageOf(subject);
  const { cpuMicros } = await quietUsageOf(subject);
  return { cpuMicros: (cpuMicros - before.cpuMicros) / count, perSecond: count / seconds, eventLoopDelayMs };
}

/** Status updates per second, of messages that are sent first. */
export async function measureUpdates(
  server: RunningServer,
  messages: number,
  updatesPerRequest: number,
): Promise<number> {
  const sent = await sendMessages(server.url, messages);
  await quietUsageOf(server);
  const perSecond = await updatesPerSecond(server.url, sent, updatesPerRequest);
  await quietUsageOf(server);
  return perSecond;
}
