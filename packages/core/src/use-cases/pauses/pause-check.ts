import type { Message, MessageRequest } from "../../domain/message.ts";
import { describePause, type Pause } from "../../domain/pause.ts";
import { isFinished } from "../../domain/status.ts";
import { type Clock, fromNow } from "../../ports/clock.ts";
import type { Credential, Credentials } from "../../ports/credentials.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { KnownPauses } from "./known-pauses.ts";

/** The message is not sent now: its tenant, outlet, number or template is paused. */
export interface Paused extends Unavailable {
  readonly pause: Pause;
  readonly retryAt: Date;
}

/** Checks messages against what is paused. */
export interface PauseCheck {
  /**
   * Why the message is not sent now. Undefined at once where nothing is paused. `Unavailable` without a pause: the store could not
   * say what is paused.
   */
  refusal(request: MessageRequest, credential: Credential): PromiseLike<Refusal | undefined> | undefined;
  /** The same for a message that has been checked before, which has waited since: by what is known now. */
  refusalNow(request: MessageRequest, credential: Credential): Paused | undefined;
  /** What pauses a queued message; undefined if nothing does, or if that cannot be found out. */
  pauseOf(message: Message): Promise<Pause | undefined>;
}

export type Refusal = Paused | Unavailable;

/** When to look again at a pause that has no end. */
const lookAgainMs = 60_000;

interface PauseCheckParts {
  readonly known: KnownPauses;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

export function createPauseCheck({ known, credentials, clock }: PauseCheckParts): PauseCheck {
  function refusalNow({ outlet, content }: MessageRequest, credential: Credential): Paused | undefined {
    const pause = known.find({ outlet, content, credential });
    if (!pause) return undefined;
    if (pause.kind === "number") known.noteNumber(outlet, pause);
    return {
      kind: "Unavailable",
      pause,
      reason: describePause(pause),
      retryAt: pause.until ?? fromNow(clock, lookAgainMs),
    };
  }

  return {
    refusal(request, credential) {
      if (known.isQuiet) return undefined;
      return known.ready().match<Refusal | undefined>(
        () => refusalNow(request, credential),
        (error) => error,
      );
    },
    refusalNow,
    async pauseOf(message) {
      if (known.isQuiet || message.mode !== "queued" || isFinished(message)) return undefined;
      if ((await known.ready()).isErr()) return undefined;
      const { outlet, content } = message.request;
      const pause = known.find({ outlet, content });
      if (pause) return pause;
      const found = await credentials.lookup(outlet);
      return found.isOk() ? known.find({ outlet, content, credential: found.value }) : undefined;
    },
  };
}

export function isPaused(refusal: Refusal): refusal is Paused {
  return "pause" in refusal;
}
