import type { Clock } from "../../ports/clock.ts";
import type { Media } from "../../ports/media.ts";
import type { Subject } from "../contract.ts";

/** How WhatsApp answers an upload. */
export type MediaScenario =
  | "takes"
  | "rejects permanently"
  | "rejects temporarily"
  | "throttles"
  | "rejects the credential"
  /** Rejects it permanently, with the upload's access token in the text of the error. */
  | "quotes the credential"
  /** Answers with success once it has read the first chunk. */
  | "answers too early"
  /** Reads the first chunk, and no more. */
  | "stops taking"
  /** Reads the whole file, and sends no answer until the caller gives up. */
  | "never answers"
  /** Reads the whole file, and closes the connection without an answer. */
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
  /** The adapter's clock: the system clock if it waits in real time. */
  readonly clock: Clock;
  /**
   * The time limit of a call that gets no answer, in milliseconds: how long such a case takes in real time. Default: 2,000. It must
   * be long enough to connect on a slow machine.
   */
  readonly silenceMs?: number;
  /** Sets how WhatsApp answers uploads from now on. By default it accepts them. */
  arrange(scenario: MediaScenario): void | Promise<void>;
  /** Every file that arrived whole, in order. */
  received(): readonly ReceivedFile[] | Promise<readonly ReceivedFile[]>;
  /** How many requests have arrived so far, whole or not. */
  requests(): number | Promise<number>;
}
