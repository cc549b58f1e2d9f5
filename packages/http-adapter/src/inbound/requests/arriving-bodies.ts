import type { Problem } from "../problems/problem.ts";
import { RequestFault, tooSlow } from "./request-fault.ts";

export interface ArrivingBodiesOptions {
  /** The limit on the total size of the bodies that are still arriving. Default: 64 MiB. */
  readonly mostBytes?: number;
  /** How long one body may take to arrive. Default: 10,000. */
  readonly timeLimitMs?: number;
}

/** One body that is arriving. */
interface ArrivingBody {
  readonly size: number;
  grow(by: number): void;
  /** It is complete, or nobody reads it any more. */
  end(): void;
}

/**
 * Limits the time in which a body arrives, and the total size of those that are still arriving. Beyond that total, the bodies
 * that have been arriving longest are given up with 503: at a usual pace they would have been complete.
 */
export interface ArrivingBodies {
  /** `giveUp` ends the reading of the body. */
  begin(giveUp: (fault: RequestFault) => void): ArrivingBody;
}

interface Arriving {
  size: number;
  /** How often it was looked at since it began to arrive. */
  looks: number;
  giveUp(fault: RequestFault): void;
}

const looksInTime = 10;

export function createArrivingBodies({
  mostBytes = 64 * 1024 * 1024,
  timeLimitMs = 10_000,
}: ArrivingBodiesOptions = {}): ArrivingBodies {
  /** The one that has been arriving longest comes first. */
  const arriving = new Set<Arriving>();
  let bytes = 0;
  let looking: NodeJS.Timeout | undefined;

  function end(body: Arriving): void {
    if (arriving.delete(body)) bytes -= body.size;
  }

  function giveUp(body: Arriving, problem: Problem): void {
    end(body);
    body.giveUp(new RequestFault(problem));
  }

  /** Counts looks and measures no time: while the event loop is late, the server has not read what has arrived. */
  function look(): void {
    if (arriving.size === 0) {
      clearInterval(looking);
      looking = undefined;
    }
    for (const body of arriving) {
      body.looks += 1;
      if (body.looks > looksInTime) giveUp(body, tooSlow);
    }
  }

  function grow(body: Arriving, by: number): void {
    body.size += by;
    bytes += by;
    for (const longest of arriving) {
      if (bytes <= mostBytes) return;
      giveUp(longest, crowded);
    }
  }

  return {
    begin(onGivenUp) {
      const body: Arriving = { size: 0, looks: 0, giveUp: onGivenUp };
      arriving.add(body);
      looking ??= setInterval(look, timeLimitMs / looksInTime).unref();
      return {
        get size() {
          return body.size;
        },
        grow: (by) => grow(body, by),
        end: () => end(body),
      };
    },
  };
}

const crowded: Problem = {
  status: 503,
  type: "unavailable",
  detail: "Too much is being sent to this server at once.",
  retryAfterSeconds: 1,
};
