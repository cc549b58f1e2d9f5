import { monitorEventLoopDelay } from "node:perf_hooks";

import type { Amounts, Measure, StopRecording } from "./profile/recorder.ts";

/** The services that a subject calls. */
export interface Services {
  readonly graphUrl: string;
  /** Holds its answers until it is told to release them. */
  readonly holdingGraphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
}

/** The services and the stores of a subject. */
export interface SubjectEnvironment extends Services {
  /** For a new database file. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly schema: string;
}

/** A server that gets requests, a client that sends by itself, or a queue whose work has phases. */
export type Subject =
  | { readonly url: string; readonly apiKey?: string }
  | { send(number: number): Promise<void> }
  | { readonly phases: Readonly<Record<string, (count: number) => Promise<void>>> };

/** The commands to a subject's process, and its reports. */
export type Command =
  | { readonly kind: "measure" }
  | { readonly kind: "record"; readonly measure: Measure }
  | { readonly kind: "stop recording" }
  | { readonly kind: "send"; readonly count: number; readonly parallel: number }
  | { readonly kind: "work"; readonly phase: string; readonly count: number };
export type Report =
  | { readonly kind: "ready"; readonly url?: string; readonly apiKey?: string }
  | ({ readonly kind: "measured" } & Usage)
  | { readonly kind: "recording" }
  | { readonly kind: "recorded"; readonly amounts: Amounts }
  | { readonly kind: "sent" }
  | { readonly kind: "worked" };

export interface Usage {
  /** Of all threads, since the start. */
  readonly cpuMicros: number;
  /** The 99th percentile since the last measurement, the timer resolution included. */
  readonly eventLoopDelayMs: number;
  readonly peakRssBytes: number;
}

export const resolutionMs = 1;

/** Runs in a process of its own, so that its CPU time is its own. */
export async function run(start: (environment: SubjectEnvironment) => Promise<Subject>): Promise<void> {
  process.once("disconnect", () => process.exit());
  const subject = await start(JSON.parse(process.argv[2] ?? "{}") as SubjectEnvironment);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let sent = 0;
  let stopRecording: StopRecording = () => Promise.resolve({});
  process.on("message", async (command: Command) => {
    if (command.kind === "record") {
      const { record } = await import("./profile/recorder.ts");
      stopRecording = await record(command.measure);
      report({ kind: "recording" });
    } else if (command.kind === "stop recording") {
      report({ kind: "recorded", amounts: await stopRecording() });
    } else if (command.kind === "measure") {
      const { user, system } = process.cpuUsage();
      report({
        kind: "measured",
        cpuMicros: user + system,
        eventLoopDelayMs: delay.percentile(99) / 1e6,
        peakRssBytes: process.resourceUsage().maxRSS * 1024,
      });
      delay.reset();
    } else if (command.kind === "send" && "send" in subject) {
      const { send } = subject;
      await inParallel(command.count, command.parallel, () => send((sent += 1)));
      report({ kind: "sent" });
    } else if (command.kind === "work" && "phases" in subject) {
      await subject.phases[command.phase]?.(command.count);
      report({ kind: "worked" });
    }
  });
  report({ kind: "ready", ...("url" in subject && subject) });
}

/** Runs `work` `count` times, up to `parallel` at once. */
export async function inParallel(
  count: number,
  parallel: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

function report(message: Report): void {
  process.send?.(message);
}
