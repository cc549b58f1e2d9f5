import type { Operation } from "./operation.ts";

/** What a path names. */
interface Found {
  /** Empty: the path begins with an edge of Graph itself. */
  readonly id: string;
  /** One for each kind of object that has the edge. */
  readonly operations: readonly Operation[];
  /** What the path has in place of the `:name` parts of the edge. */
  readonly names: Readonly<Record<string, string>>;
}

export interface OperationTable {
  readonly all: readonly Operation[];
  /** undefined: there is no such edge. */
  find(method: string, parts: readonly string[]): Found | undefined;
}

const noNames = {};

export function createOperationTable(all: readonly Operation[]): OperationTable {
  const byEdge = new Map<string, Operation[]>();
  for (const operation of all) {
    const key = `${operation.method} ${operation.edge}`;
    byEdge.set(key, [...(byEdge.get(key) ?? []), operation]);
  }
  const named = [...byEdge].filter(([key]) => key.includes(":"));
  const roots = new Set(all.flatMap(({ on, edge }) => (on === "root" ? edge.split("/").slice(0, 1) : [])));

  function findEdge(method: string, parts: readonly string[]): Omit<Found, "id"> | undefined {
    const operations = byEdge.get(`${method} ${parts.join("/")}`);
    if (operations) return { operations, names: noNames };
    for (const [key, withNames] of named) {
      const names = namesIn(key, method, parts);
      if (names) return { operations: withNames, names };
    }
    return undefined;
  }

  return {
    all,
    find(method, parts) {
      const [first] = parts;
      if (first === undefined) return undefined;
      const id = roots.has(first) ? "" : first;
      const found = findEdge(method, id === "" ? parts : parts.slice(1));
      return found && { id, ...found };
    },
  };
}

function namesIn(key: string, method: string, parts: readonly string[]): Found["names"] | undefined {
  if (!key.startsWith(`${method} `)) return undefined;
  const pattern = key.slice(method.length + 1).split("/");
  const fits = pattern.length === parts.length && pattern.every((part, at) => part[0] === ":" || part === parts[at]);
  if (!fits) return undefined;
  return Object.fromEntries(pattern.flatMap((part, at) => (part[0] === ":" ? [[part.slice(1), parts[at] ?? ""]] : [])));
}
