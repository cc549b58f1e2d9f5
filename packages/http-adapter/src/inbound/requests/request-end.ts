import type { Telemetry } from "@message-sender/core/adapter";

import type { TraceFields } from "../../trace-context.ts";
import type { Logger } from "./logger.ts";

/** What an operator has to see, and nothing else logs. */
export interface Fault {
  readonly level: "warn" | "error";
  readonly reason: string;
}

/** Why a caller is refused, for the log line. */
export interface Refusal {
  readonly reason: string;
  readonly callerHint?: string;
}

/** What a change was asked to do, as the log line has it: what the path does not say. */
export interface ChangeFields {
  readonly action: string;
  /** Which messages, history entries or webhooks were asked for. */
  readonly filter?: Readonly<Record<string, string>>;
  readonly dry_run?: boolean;
  readonly matched?: number;
  /** How many were changed, queued or discarded. */
  readonly changed?: number;
}

/** A request that has its answer. */
interface EndedRequest {
  readonly requestId: string;
  /** When it began, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly method: string;
  readonly path: string;
  /** The pattern of the route that answered, if one did. */
  readonly route: string | undefined;
  readonly status: number;
  readonly clientAddress: string | undefined;
  readonly trace: TraceFields | undefined;
  readonly caller: string | undefined;
  readonly messageId: string | undefined;
  readonly problem: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly fault: Fault | undefined;
  readonly change?: ChangeFields | undefined;
}

/** Counts a request, and logs its line. */
export type EndRequest = (ended: EndedRequest) => void;

export function createEndRequest(logger: Logger, telemetry: Telemetry | undefined): EndRequest {
  return (ended) => {
    const { startedAt, method, path, route = "none", status, trace, refusal, fault } = ended;
    const durationMs = performance.now() - startedAt;
    telemetry?.record({ kind: "RequestAnswered", method, route, status, durationMs });
    logger[fault?.level ?? "info"](
      {
        request_id: ended.requestId,
        method,
        path: path.slice(0, 200),
        caller: ended.caller,
        caller_hint: refusal?.callerHint,
        client_address: ended.clientAddress,
        http_status: status,
        duration_ms: Math.round(durationMs * 10) / 10,
        message_id: ended.messageId,
        problem: ended.problem,
        reason: fault?.reason ?? refusal?.reason,
        ...ended.change,
        ...trace,
      },
      "request",
    );
  };
}
