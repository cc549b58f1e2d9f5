import type { Memory } from "../../collections/memory.ts";
import type { Objects } from "../objects/objects.ts";

export interface FlowProblem {
  readonly error: string;
  readonly error_type: string;
  readonly message: string;
  readonly line_start: number;
  readonly line_end: number;
  readonly column_start: number;
  readonly column_end: number;
}

/** A form that opens in a chat. */
export interface Flow {
  readonly id: string;
  readonly accountId: string;
  name: string;
  categories: readonly string[];
  status: "DRAFT" | "PUBLISHED" | "DEPRECATED";
  endpointUri: string | undefined;
  /** Its screens, as they were uploaded. */
  json: string | undefined;
  problems: readonly FlowProblem[];
}

export interface FlowStore {
  of(accountId: string): readonly Flow[];
  find(id: string): Flow | undefined;
  create(accountId: string, flow: Pick<Flow, "name" | "categories" | "endpointUri" | "json">): Flow;
  remove(id: string): void;
}

export function createFlowStore(memory: Memory, objects: Objects): FlowStore {
  const known = memory.map<Flow>("flows");

  return {
    of: (accountId) => [...known.values()].filter((flow) => flow.accountId === accountId),
    find: (id) => known.get(id),
    create(accountId, flow) {
      const id = objects.add("flow", { kind: "account", id: accountId });
      const made: Flow = { ...flow, id, accountId, status: "DRAFT", problems: problemsOf(flow.json) };
      known.set(id, made);
      return made;
    },
    remove(id) {
      known.delete(id);
      objects.remove(id);
    },
  };
}

/** What is wrong with the JSON of a flow. Whether its screens and their parts are right is not checked. */
export function problemsOf(json: string | undefined): readonly FlowProblem[] {
  if (json === undefined) return [];
  let flow: unknown;
  try {
    flow = JSON.parse(json);
  } catch (cause) {
    return [problem("INVALID_JSON", "JSON_ERROR", cause instanceof Error ? cause.message : "The file is not JSON.")];
  }
  const { version, screens } = (flow ?? {}) as Readonly<Record<string, unknown>>;
  const missing = [
    ...(typeof version === "string" ? [] : ["version"]),
    ...(Array.isArray(screens) && screens.length > 0 ? [] : ["screens"]),
  ];
  return missing.map((name) =>
    problem("MISSING_REQUIRED_PROPERTY", "JSON_SCHEMA_ERROR", `The property "${name}" is required at "$root".`),
  );
}

function problem(error: string, type: string, message: string): FlowProblem {
  return { error, error_type: type, message, line_start: 1, line_end: 1, column_start: 1, column_end: 1 };
}
