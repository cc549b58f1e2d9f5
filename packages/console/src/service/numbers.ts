import type { KnownOutlet, OutletRef, Pause } from "@message-sender/core";

import type { NumberReport, ProcessReport } from "./service-view.ts";

/** A phone number, as all processes of the server know it. */
export interface NumberLine {
  readonly phoneNumberId: string;
  readonly outlets: readonly KnownOutlet[];
  /** What holds it: the strongest of what the processes say, or a pause of the sender. Absent if nothing does. */
  readonly hold?: NumberHold;
  readonly perSecond?: number;
  readonly fullPerSecond?: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly waitingForRecipient: number;
}

/** Why a number does not send, or not at its full rate. */
export interface NumberHold {
  /** `stopped`: somebody has paused it here. The others are conditions of the pacer. */
  readonly kind: "stopped" | "open" | "paused" | "throttled";
  readonly reason: string;
  /** When it ends, or is tried again; absent if nobody knows. */
  readonly until?: Date;
}

const strength = ["normal", "throttled", "paused", "open"] as const;

/** The outlets of all processes, each once: what is known about its credential from whoever used it last counts. */
export function outletsOf(
  reports: readonly ProcessReport[],
  listed: readonly OutletRef[] = [],
): readonly KnownOutlet[] {
  const outlets = new Map<string, KnownOutlet>();
  for (const outlet of listed) outlets.set(nameOf(outlet), { ...outlet, credential: "usable" });
  for (const outlet of reports.flatMap((report) => report.outlets)) {
    const known = outlets.get(nameOf(outlet));
    if (!known?.phoneNumberId || outlet.credential === "refused") outlets.set(nameOf(outlet), outlet);
  }
  return [...outlets.values()].toSorted((a, b) => compare(nameOf(a), nameOf(b)));
}

/** The numbers that processes know, and those of the outlets, by their ids. */
export function numbersOf(
  reports: readonly ProcessReport[],
  outlets: readonly KnownOutlet[],
  pauses: readonly Pause[],
): readonly NumberLine[] {
  const said = Map.groupBy(
    reports.flatMap(({ numbers }) => numbers),
    ({ phoneNumberId }) => phoneNumberId,
  );
  const users = Map.groupBy(outlets, ({ phoneNumberId }) => phoneNumberId);
  const stops = new Map(pauses.flatMap((pause) => (pause.kind === "number" ? [[pause.name, pause] as const] : [])));
  const ids = new Set([...said.keys(), ...outlets.flatMap(({ phoneNumberId }) => phoneNumberId ?? [])]);
  return [...ids].toSorted(compare).map((id) => {
    const states = said.get(id) ?? [];
    const worst = states.toSorted((a, b) => strength.indexOf(b.condition) - strength.indexOf(a.condition))[0];
    const pause = stops.get(id);
    const hold = pause ? stopped(pause) : worst && holdOf(worst);
    const slowest = states.toSorted((a, b) => (a.perSecond ?? Infinity) - (b.perSecond ?? Infinity))[0];
    return {
      phoneNumberId: id,
      outlets: users.get(id) ?? [],
      ...(hold && { hold }),
      ...(slowest?.perSecond !== undefined && { perSecond: slowest.perSecond }),
      ...(slowest?.fullPerSecond !== undefined && { fullPerSecond: slowest.fullPerSecond }),
      inFlight: sumOf(states, "inFlight"),
      waiting: sumOf(states, "waiting"),
      waitingForRecipient: sumOf(states, "waitingForRecipient"),
    };
  });
}

/** The same numbers, those that something holds first. */
export function heldFirst(numbers: readonly NumberLine[]): readonly NumberLine[] {
  return [...numbers.filter(({ hold }) => hold), ...numbers.filter(({ hold }) => !hold)];
}

function stopped({ by, reason, until }: Pause): NumberHold {
  return { kind: "stopped", reason: `${by} paused it: ${reason}`, ...(until && { until }) };
}

function holdOf({ condition, reason = "", until }: NumberReport): NumberHold | undefined {
  if (condition === "normal") return undefined;
  return { kind: condition, reason, ...(until !== undefined && { until: new Date(until) }) };
}

function sumOf(states: readonly NumberReport[], field: "inFlight" | "waiting" | "waitingForRecipient"): number {
  return states.reduce((sum, state) => sum + state[field], 0);
}

function nameOf({ tenantId, outletId }: OutletRef): string {
  return `${tenantId} ${outletId}`;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
