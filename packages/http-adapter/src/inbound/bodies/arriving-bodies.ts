import type { Problem } from "../problems/problem.ts";
import { RequestFault, tooSlow } from "./request-fault.ts";

export interface ArrivingBodiesOptions {
  /** Limit on the total size of all bodies that are still arriving. Default: 64 MiB. */
  readonly mostBytes?: number;
  /** How long one body may take to arrive. Default: 10,000. */
  readonly timeLimitMs?: number;
}

/** A body that is arriving. */
interface ArrivingBody {
  size: number;
  /** The checks since the body began to arrive. */
  checks: number;
  /** Called when the body exceeds a limit. */
  readonly fail: (fault: RequestFault) => void;
}

/**
 * Limits how long a body may take to arrive, and the total size of all bodies that are still arriving. Above that total, the
 * bodies that have been arriving longest fail with 503: at a usual rate they would be complete.
 */
export interface ArrivingBodies {
  begin(fail: ArrivingBody["fail"]): ArrivingBody;
  grow(body: ArrivingBody, by: number): void;
  /** The body is complete, or is no longer read. */
  end(body: ArrivingBody): void;
}

const checksInTime = 10;

export function createArrivingBodies({
  mostBytes = 64 * 1024 * 1024,
  timeLimitMs = 10_000,
}: ArrivingBodiesOptions = {}): ArrivingBodies {
  /** The oldest comes first. */
  const arriving = new Set<ArrivingBody>();
  let bytes = 0;
  let checking: NodeJS.Timeout | undefined;

  function end(body: ArrivingBody): void {
    if (arriving.delete(body)) bytes -= body.size;
  }

  function fail(body: ArrivingBody, problem: Problem): void {
    end(body);
    body.fail(new RequestFault(problem));
  }

  /** Counts checks instead of measuring time: while the event loop is late, the server does not read what has arrived. */
  function check(): void {
    if (arriving.size === 0) {
      clearInterval(checking);
      checking = undefined;
    }
    for (const body of arriving) {
      body.checks += 1;
      if (body.checks > checksInTime) fail(body, tooSlow);
    }
  }

  function grow(body: ArrivingBody, by: number): void {
    body.size += by;
    bytes += by;
    for (const longest of arriving) {
      if (bytes <= mostBytes) return;
      fail(longest, overloaded);
    }
  }

  function begin(onFault: ArrivingBody["fail"]): ArrivingBody {
    const body = { size: 0, checks: 0, fail: onFault };
    arriving.add(body);
    checking ??= setInterval(check, timeLimitMs / checksInTime).unref();
    return body;
  }

  return { begin, grow, end };
}

const overloaded: Problem = {
  status: 503,
  type: "unavailable",
  detail: "The server is receiving too much data at once.",
  retryAfterSeconds: 1,
};
