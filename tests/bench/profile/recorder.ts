import { createHook } from "node:async_hooks";
import { readFileSync } from "node:fs";
import { type HeapProfiler, type Profiler, Session } from "node:inspector/promises";

import { partOf } from "./parts.ts";

/** What a profile counts: microseconds of CPU, bytes allocated, asynchronous resources, or system calls. */
export type Measure = "cpu" | "allocations" | "resources" | "system calls";

/** Amounts by part of the program, or by kind. */
export type Amounts = Readonly<Record<string, number>>;

/** Ends a recording. */
export type StopRecording = () => Promise<Amounts>;

/** Records this process. Only one recording runs at a time: each slows the process down. */
export function record(measure: Measure): Promise<StopRecording> {
  return recorders[measure]();
}

const sampleEveryMicros = 200;
const sampleEveryBytes = 4096;

const recorders: Readonly<Record<Measure, () => Promise<StopRecording>>> = {
  async cpu() {
    const session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: sampleEveryMicros });
    await session.post("Profiler.start");
    return async () => {
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      return cpuByPart(profile);
    };
  },
  async allocations() {
    const session = new Session();
    session.connect();
    await session.post("HeapProfiler.startSampling", {
      samplingInterval: sampleEveryBytes,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    return async () => {
      const { profile } = await session.post("HeapProfiler.stopSampling");
      session.disconnect();
      return bytesByPart(profile.head);
    };
  },
  async resources() {
    const counts: Record<string, number> = {};
    const hook = createHook({
      init(_id, type) {
        counts[type] = (counts[type] ?? 0) + 1;
      },
    });
    hook.enable();
    return async () => {
      hook.disable();
      return counts;
    };
  },
  async "system calls"() {
    const before = callsOfProcess();
    return async () => {
      const after = callsOfProcess();
      return { reads: after.reads - before.reads, writes: after.writes - before.writes };
    };
  },
};

/** Of all threads. */
function callsOfProcess(): { readonly reads: number; readonly writes: number } {
  const text = readFileSync("/proc/self/io", "utf8");
  const count = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text)?.[1]);
  return { reads: count("syscr"), writes: count("syscw") };
}

function cpuByPart({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Amounts {
  const parts = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  const micros: Record<string, number> = {};
  for (const [index, id] of samples.entries()) {
    const part = parts.get(id);
    if (part !== undefined) micros[part] = (micros[part] ?? 0) + (timeDeltas[index] ?? 0);
  }
  return micros;
}

function bytesByPart(head: HeapProfiler.SamplingHeapProfileNode): Amounts {
  const bytes: Record<string, number> = {};
  const nodes = [head];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const part = partOf(node.callFrame);
    if (part !== undefined) bytes[part] = (bytes[part] ?? 0) + node.selfSize;
    nodes.push(...node.children);
  }
  return bytes;
}
