import type { Content } from "../../content/content.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Transport } from "../../ports/transport.ts";
import type { Subject } from "../contract.ts";

/** How WhatsApp answers a submission. */
export type TransportScenario =
  | "accepts"
  | "rejects permanently"
  | "rejects temporarily"
  | "throttles"
  | "rejects the credential"
  /** Rejects it permanently, with the submission's access token in the text of the error. */
  | "quotes the credential"
  /** Answers 200 with the submission's access token in place of the message's id. */
  | "answers with the credential"
  /** Reads the request, and sends nothing until the caller gives up. */
  | "never answers"
  /** Reads the request, and closes the connection without an answer. */
  | "drops the connection"
  /** Answers 200 with a truncated or invalid body. */
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
  /** Set if it arrived at the Marketing Messages API. */
  readonly via?: "marketing";
}

export interface TransportSubject extends Subject {
  readonly transport: Transport;
  /**
   * The adapter's clock: the system clock if it waits in real time. No case advances it. A fake on a manual clock answers
   * "never answers" with `Ambiguous` at once, as the recording transport does.
   */
  readonly clock: Clock;
  /**
   * The time limit of a call that gets no answer, in milliseconds: how long such a case takes in real time. Default: 2,000. It must
   * be long enough to connect on a slow machine.
   */
  readonly silenceMs?: number;
  /** Sets how WhatsApp answers submissions to `to` from now on. By default it accepts them. */
  arrange(scenario: TransportScenario, to: string): void | Promise<void>;
  /** Every request that WhatsApp has received so far, in order. */
  received(): readonly ReceivedRequest[] | Promise<readonly ReceivedRequest[]>;
}
