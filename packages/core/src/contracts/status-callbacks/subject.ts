import type { Identifier } from "../../content/identifiers.ts";
import type { StatusEvent } from "../../domain/status-event.ts";
import type { StatusCallbacks } from "../../ports/status-callbacks.ts";
import type { Subject } from "../contract.ts";

/** The parts of an event that can be read where it arrived. */
export type ArrivedEvent = Pick<StatusEvent, "messageId" | "version" | "to" | "reference" | "failure" | "at"> & {
  readonly status: string;
};

export interface StatusCallbacksSubject extends Subject {
  readonly callbacks: StatusCallbacks;
  /** A tenant whose events are wanted. */
  readonly wanted: Identifier;
  /** A tenant whose events nobody wants. */
  readonly unwanted: Identifier;
  /** Every delivery that arrived, in order. */
  arrived(): Promise<readonly ArrivedEvent[]>;
  /** Makes the receiver unreachable from now on. */
  goAway(): void | Promise<void>;
}
