import type { KnownOutlet, OutletRef } from "@message-sender/core";
import type { Backlog, NumberState } from "@message-sender/core/adapter";
import type { NumberFacts, NumberFactsError } from "@message-sender/http-adapter/inbound";
import type { ResultAsync } from "neverthrow";

/** What the console is told about the service besides what its sender says. */
export interface ServiceView {
  readonly version: string;
  /** The kind of its store, such as `postgres`. */
  readonly store: string;
  /** What each process of this server says of itself. One that does not answer is left out. */
  processes(): Promise<readonly ProcessReport[]>;
  readonly backlog: Backlog;
  /** The outlets that are known without a lookup, as those of a tenants file are. */
  outlets(): readonly OutletRef[];
  /** What WhatsApp says about the number of an outlet: may ask WhatsApp, with the outlet's token. */
  numberOf(outlet: OutletRef): ResultAsync<NumberFacts, NumberUnknown>;
  /** Aborted when the service closes. */
  readonly closing: AbortSignal;
  /** Present in a sandbox alone. */
  readonly sandbox?: SandboxView;
}

/** Why nothing is known about the number of an outlet. */
export type NumberUnknown = NumberFactsError | { readonly kind: "OutletUnknown" };

/** One process of the server. It is passed between processes as JSON. */
export interface ProcessReport {
  /** Which one it is, from 1 on. */
  readonly process: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** 0: not overloaded; see `OverloadChanged`. */
  readonly overload: number;
  /** Attempts in flight, and those that wait for a permit. */
  readonly inFlight: number;
  readonly waiting: number;
  readonly numbers: readonly NumberReport[];
  readonly outlets: readonly KnownOutlet[];
  /** Absent if the service has no metrics. */
  readonly hour?: HourOfMetrics;
}

/** A number, as one process knows it. `until` is in milliseconds since 1970. */
export interface NumberReport extends Omit<NumberState, "until"> {
  readonly until?: number;
}

/** What the metrics of a process counted in the last hour. */
export interface HourOfMetrics {
  readonly slotMs: number;
  /** The number of the present slot: how many have begun since 1970. */
  readonly present: number;
  /** The slots in which anything happened, by their numbers. */
  readonly slots: readonly (readonly [number, Slot])[];
  /** The upper bounds of `spans`, in milliseconds. */
  readonly bounds: Readonly<Record<string, readonly number[]>>;
}

/** How much happened in a time: what is counted, by name, and how long things took. */
export interface Slot {
  readonly counts: Readonly<Record<string, number>>;
  /** How many lasted at most as long as each bound and longer than the one before; the last has no bound. */
  readonly spans: Readonly<Record<string, readonly number[]>>;
}

/** What a newcomer can do in a sandbox. */
export interface SandboxView {
  /** The page of the emulator. */
  readonly url: string;
  /** Those that messages are sent for. */
  readonly outlets: readonly OutletRef[];
  /** Makes the emulated WhatsApp misbehave. */
  addFault(fault: SandboxFault & { readonly match: { readonly messageIncludes: string } }): void;
}

/** How the emulated WhatsApp answers the next requests that send messages. */
export interface SandboxFault {
  readonly trigger: { readonly next: number };
  readonly effect: { readonly status: number } | { readonly graphError: number } | { readonly acceptThenLose: "reset" };
}
