import type { ClientEvent } from "../events.ts";
import type { Rule } from "../facts.ts";

const connectionErrors: ReadonlySet<number> = new Set([400, 408, 431]);
/** Clients notice the end of a killed process before it is logged. */
const noticeMs = 5000;

/** A request that got a connection-level error, or a reset from a living server, has sent nothing. */
export const errorsAtTheConnection: Rule = ({ clients, oracle, messages }) => {
  const requested = new Set(
    oracle.flatMap((event) => (event.kind === "request" ? event.callbackData.split(":")[1] : [])),
  );
  const byTrace = new Map(messages.map((message) => [traceIdOf(message.request.traceparent), message]));
  const downs = clients.filter(({ kind }) => kind === "down").map(({ at }) => at);
  const askedAt = new Map(
    clients.flatMap((event) => (event.kind === "asked" && event.trace ? [[event.trace, event.at]] : [])),
  );
  return clients.flatMap((event) => {
    if (!isConnectionError(event) || event.trace === undefined) return [];
    const from = askedAt.get(event.trace) ?? event.at;
    if (event.kind === "lost" && downs.some((at) => at >= from - noticeMs && at <= event.at + noticeMs)) return [];
    const message = byTrace.get(event.trace);
    if (!message || !requested.has(message.id)) return [];
    const told = event.kind === "answered" ? `with ${event.status}` : "with a reset";
    const what = `message ${message.id} was sent, but its client was answered ${told}`;
    return [{ rule: "errors at the connection", what, evidence: [event, message] }];
  });
};

type ConnectionError = Extract<ClientEvent, { kind: "answered" | "lost" }>;

function isConnectionError(event: ClientEvent): event is ConnectionError {
  if (event.kind === "lost") return event.how === "reset";
  return event.kind === "answered" && connectionErrors.has(event.status) && event.messageId === undefined;
}

function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent?.split("-")[1];
}
