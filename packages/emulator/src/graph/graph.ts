import { type Context, Hono } from "hono";

import { type BoundedLog, createBoundedLog } from "../collections/bounded-log.ts";
import type { Exchange } from "../faults/exchange.ts";
import type { FaultTarget } from "../faults/fault.ts";
import type { Answer, Env } from "../http/answer.ts";
import { type Draft, recordOf } from "../http/request-record.ts";
import { accessTokenOf } from "./access/access-token.ts";
import { type Access, type GraphRequest, unknownObject, unknownPath } from "./access/graph-access.ts";
import type { Tokens } from "./access/tokens.ts";
import type { Callbacks } from "./callbacks.ts";
import { type GraphError, graphErrorAnswer } from "./graph-error.ts";
import { graphHeaders } from "./graph-headers.ts";
import type { GraphMessage } from "./graph-message.ts";
import type { GraphState } from "./graph-state.ts";
import type { ReportedStatus } from "./history/history-operations.ts";
import type { ByteStore } from "../http/byte-store.ts";
import { createChooser } from "./objects/choose-operation.ts";
import { graphPathOf } from "./objects/graph-path.ts";
import { type Ask, isError, type Kind, type Operation } from "./objects/operation.ts";
import type { OperationTable } from "./objects/operation-table.ts";
import { parametersOf, readBody, type RequestBody, withoutAccessToken } from "./objects/request-body.ts";
import type { GraphReceipt } from "./receipts.ts";
import { sendOperations } from "./send-operations.ts";
import { createSurface } from "./surface.ts";
import { usageHeaders } from "./usage.ts";

export interface Graph {
  readonly app: Hono<Env>;
  /** Sends and uploads. */
  readonly log: BoundedLog<GraphRequest>;
  /** All other calls. */
  readonly calls: BoundedLog<GraphRequest>;
  readonly accepted: BoundedLog<GraphMessage>;
  readonly receipts: BoundedLog<GraphReceipt>;
  /** How many wamids were given. It may only be raised, so that none is given twice. */
  wamids: number;
  /** What Graph does. */
  operations(): readonly Operation[];
  reset(): void;
}

interface GraphDeps {
  readonly exchange: Exchange;
  readonly access: Access;
  readonly tokens: () => Tokens;
  readonly state: () => GraphState;
  readonly now: () => number;
  readonly keep: number;
  readonly nextId: () => string;
  readonly nextTraceId: () => string;
  readonly byteStore: ByteStore;
  readonly wabaOf: (phoneNumberId: string) => string;
  readonly numbersOf: (accountId: string) => readonly string[];
  readonly namedAccounts: () => readonly string[];
  /** The kind of an id that an outlet names, or that was used before. */
  readonly kindOf: (id: string) => Kind | undefined;
  /** Those that were sent and are still known. */
  readonly messages: () => readonly GraphMessage[];
  readonly statusesOf: (wamid: string) => readonly ReportedStatus[];
  readonly notify: (phoneNumberId: string, field: string, value: Readonly<Record<string, unknown>>) => void;
  readonly callbacks: Callbacks;
  readonly onAccepted: (message: GraphMessage) => void;
}

const targets: Readonly<Record<string, FaultTarget>> = {
  messages: "graph.messages",
  marketing_messages: "graph.messages",
  media: "graph.media",
};

export function createGraph(deps: GraphDeps): Graph {
  const { exchange, access, tokens, state, keep, nextTraceId, byteStore, wabaOf } = deps;
  const app = new Hono<Env>();
  const log = createBoundedLog<GraphRequest>(keep);
  const calls = createBoundedLog<GraphRequest>(keep);
  const accepted = createBoundedLog<GraphMessage>(keep);
  const receipts = createBoundedLog<GraphReceipt>(keep);
  let wamids = 0;
  let table = newTable();

  function newTable(): OperationTable {
    const nextWamid = () => (wamids += 1);
    const sending = sendOperations({ state, accepted, receipts, nextWamid, onAccepted: deps.onAccepted });
    return createSurface({ ...deps, state: state(), sending });
  }

  const choose = createChooser({
    access,
    objects: () => state().objects,
    kindOf: deps.kindOf,
    acceptsAny: () => tokens().acceptsAny,
  });

  app.all("*", (c) => {
    const path = graphPathOf(c.req.path);
    const traceId = nextTraceId();
    const found = table.find(c.req.method, path.parts);
    const { id = path.parts[0] ?? "", names = {}, operations = [] } = found ?? {};
    const target = targetOf(operations);
    const entry = logRequest(c, target === "graph.management" ? calls : log, path.version, id);
    let body: RequestBody = noBody;
    return exchange(c, {
      target,
      facts: { phoneNumberId: id },
      entry,
      async readBody() {
        body = await readBody(c, byteStore, id.startsWith("upload:"));
        if (body.raw !== undefined) entry.rawBody = body.raw;
        return body.logged;
      },
      headers: () => ({ ...graphHeaders(path.version, traceId), ...usageOf(id) }),
      async answer() {
        if (!found) return graphErrorAnswer(unknownPath(path.parts), traceId);
        const { url } = c.req;
        const params = parametersOf(url.includes("?") ? c.req.query() : noQuery, body.value);
        const token = accessTokenOf(entry, params);
        if (token !== undefined) entry.accessToken = token;
        const { value, files } = body;
        const { headers } = entry;
        const ask = { id, names, params, body: withoutAccessToken(value), files, headers, url, token, entry };
        const answered = await carryOut(ask, operations);
        if (!isError(answered)) return answered;
        for (const { bytes } of files) bytes.drop();
        return graphErrorAnswer(answered, traceId);
      },
    });
  });

  async function carryOut(ask: Ask, operations: readonly Operation[]): Promise<Answer | GraphError> {
    const chosen = choose(ask.id, ask.token, operations);
    if ("code" in chosen) return chosen;
    let refused: GraphError | undefined;
    for (const operation of chosen) {
      const answered = await operation.answer(ask);
      // An id that was never seen is of the first kind that has the fields. A kind that lacks them says nothing about the id.
      if (!isError(answered) || answered.code !== 100 || operation.method !== "GET") {
        if (operation.on !== "number") state().use(ask.id, operation.on);
        return answered;
      }
      refused ??= answered;
    }
    return refused ?? unknownObject(ask.id, ask.entry.method);
  }

  function logRequest(c: Context<Env>, into: BoundedLog<GraphRequest>, version: string, id: string) {
    const entry: Draft<GraphRequest> = Object.assign(recordOf(c), { version, phoneNumberId: id });
    const token = accessTokenOf(entry);
    if (token !== undefined) entry.accessToken = token;
    into.add(entry);
    return entry;
  }

  function usageOf(phoneNumberId: string) {
    const { usage } = state();
    return usage ? usageHeaders(usage, phoneNumberId, wabaOf(phoneNumberId)) : {};
  }

  return {
    app,
    log,
    calls,
    accepted,
    receipts,
    operations: () => table.all,
    get wamids() {
      return wamids;
    },
    set wamids(count) {
      wamids = Math.max(wamids, count);
    },
    reset() {
      table = newTable();
      for (const one of [log, calls, accepted, receipts]) one.clear();
    },
  };
}

const noQuery = {};
const noBody: RequestBody = { logged: undefined, value: undefined, files: [] };

function targetOf([operation]: readonly Operation[]): FaultTarget {
  if (operation?.method !== "POST" || operation.on !== "number") return "graph.management";
  return targets[operation.edge] ?? "graph.management";
}
