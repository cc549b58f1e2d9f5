import type { Content } from "../../content/content.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Transport } from "../../ports/transport.ts";
import type { Subject } from "../contract.ts";

/** What WhatsApp does with the submissions to a recipient. */
export type TransportScenario =
  | "accepts"
  | "refuses for good"
  | "refuses for now"
  | "throttles"
  | "refuses the credential"
  /** Refuses for good, with the submission's access token in the words of the error. */
  | "quotes the credential"
  /** Answers 200, with the submission's access token for the message's id. */
  | "answers with the credential"
  /** Reads the request, and is silent until the caller gives up. */
  | "never answers"
  /** Reads the request, and closes the connection instead of an answer. */
  | "breaks off"
  /** Answers 200, with a body that breaks off or makes no sense. */
  | "mumbles success"
  /** No connection comes about: nothing listens there. */
  | "cannot be reached";

/** A request as it arrived at the other side. */
export interface ReceivedRequest {
  readonly phoneNumberId: string;
  readonly accessToken: string;
  /** With or without its `+`. */
  readonly to: string;
  readonly content: Content;
  readonly callbackData: string;
}

export interface TransportSubject extends Subject {
  readonly transport: Transport;
  /** The clock that the adapter goes by: the system clock where it waits in real time. */
  readonly clock: Clock;
  /**
   * The time limit of a call that nobody answers, in milliseconds: what such a case takes where time is real. Default: 2,000. It has
   * to suffice to connect, on a slow machine too.
   */
  readonly silenceMs?: number;
  /** From now on that happens to submissions to `to`; without it, they are accepted. */
  arrange(scenario: TransportScenario, to: string): void | Promise<void>;
  /** Every request that has arrived so far, in order. */
  received(): readonly ReceivedRequest[] | Promise<readonly ReceivedRequest[]>;
}
