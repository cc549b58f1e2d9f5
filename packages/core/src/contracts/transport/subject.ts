import type { Content } from "../../content/content.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Transport } from "../../ports/transport.ts";
import type { Subject } from "../contract.ts";

/** What WhatsApp does with a submission. */
export type TransportScenario =
  | "accepts"
  | "refuses for good"
  | "refuses for now"
  | "throttles"
  | "refuses the credential"
  /** Refuses for good, with the submission's access token in the text of the error. */
  | "quotes the credential"
  /** Answers 200 with the submission's access token in place of the message's id. */
  | "answers with the credential"
  /** Reads the request, and sends nothing until the caller gives up. */
  | "never answers"
  /** Reads the request, and closes the connection without an answer. */
  | "drops the connection"
  /** Answers 200 with a body that is cut short or makes no sense. */
  | "succeeds unreadably"
  /** No connection is possible: nothing listens there. */
  | "cannot be reached";

/** A request as WhatsApp received it. */
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
  /**
   * The clock that the adapter goes by: the system clock where it waits in real time. No case advances it. A fake on a manual
   * clock answers "never answers" with `Ambiguous` at once, as the recording transport does.
   */
  readonly clock: Clock;
  /**
   * The time limit of a call that nobody answers, in milliseconds: what such a case takes where time is real. Default: 2,000. It has
   * to suffice to connect, on a slow machine too.
   */
  readonly silenceMs?: number;
  /** From now on this happens to submissions to `to`. By default they are accepted. */
  arrange(scenario: TransportScenario, to: string): void | Promise<void>;
  /** Every request that WhatsApp has received so far, in order. */
  received(): readonly ReceivedRequest[] | Promise<readonly ReceivedRequest[]>;
}
