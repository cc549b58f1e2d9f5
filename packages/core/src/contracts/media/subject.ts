import type { Clock } from "../../ports/clock.ts";
import type { Media } from "../../ports/media.ts";
import type { Subject } from "../contract.ts";

/** What WhatsApp does with a file. */
export type MediaScenario =
  | "takes"
  | "refuses for good"
  | "refuses for now"
  | "throttles"
  | "refuses the credential"
  /** Refuses for good, with the upload's access token in the text of the error. */
  | "quotes the credential"
  /** Says that it has taken the file once it has read the first of it. */
  | "answers too early"
  /** Reads the first of it, and no more. */
  | "stops taking"
  /** Reads all of it, and is silent until the caller gives up. */
  | "never answers"
  /** Reads all of it, and closes the connection instead of an answer. */
  | "drops the connection"
  /** No connection is possible: nothing listens there. */
  | "cannot be reached";

/** A file that arrived whole. */
export interface ReceivedFile {
  readonly phoneNumberId: string;
  readonly accessToken: string;
  readonly mimeType: string;
  readonly filename: string;
  readonly bytes: Uint8Array;
}

export interface MediaSubject extends Subject {
  readonly media: Media;
  /** The clock that the adapter goes by: the system clock where it waits in real time. */
  readonly clock: Clock;
  /**
   * The time limit of a call that nobody answers, in milliseconds: what such a case takes where time is real. Default: 2,000. It has
   * to suffice to connect, on a slow machine too.
   */
  readonly silenceMs?: number;
  /** From now on this happens. By default files are taken. */
  arrange(scenario: MediaScenario): void | Promise<void>;
  /** Every file that arrived whole, in order. */
  received(): readonly ReceivedFile[] | Promise<readonly ReceivedFile[]>;
  /** How many requests have arrived so far, whole or not. */
  requests(): number | Promise<number>;
}
