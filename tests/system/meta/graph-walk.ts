import { readFileSync } from "node:fs";

import type { Sandbox } from "@message-sender/emulator";

import { type CallGraph, goneObject, named, objects } from "./graph-objects.ts";
import { filled, type Json } from "./published-examples.ts";

/** An operation of Graph, with one of Meta's own requests and the schema of its answer. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly body?: Json;
  readonly answer?: Json;
}

/** Meta's OpenAPI file, with schemas that the operations refer to. */
export const operationsFile = JSON.parse(
  readFileSync(new URL("published/operations.json", import.meta.url), "utf8"),
) as { readonly operations: readonly Operation[] };

const authorization = "Bearer a-token";

/** Calls Graph of a sandbox with JSON. */
export function callerOf(sandbox: Sandbox): CallGraph {
  return async (method, path, body) => {
    const headers = { authorization, "content-type": "application/json" };
    const url = `${sandbox.graphUrl}/v23.0/${path}`;
    const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return (await response.json()) as Json;
  };
}

/** Replaces what names an object by the id of one, which is created before. */
async function withIds<T>(value: T, known: typeof named, call: CallGraph): Promise<T> {
  let json = JSON.stringify(value);
  for (const [name, make] of Object.entries(known)) {
    const pattern = new RegExp(`"(<|\\{\\{)?${name}(>|\\}\\})?"`, "g");
    if (pattern.test(json)) json = json.replaceAll(pattern, JSON.stringify(await make(call)));
  }
  return JSON.parse(json) as T;
}

async function pathOf({ path }: Operation, call: CallGraph, sandbox: Sandbox): Promise<string> {
  let filledPath = path.replace("{Version}", "v23.0");
  for (const [placeholder, name = ""] of path.matchAll(/\{([^}]+)\}/g)) {
    const make = objects[name] ?? goneObject;
    if (name !== "Version") filledPath = filledPath.replace(placeholder, await make(call, sandbox));
  }
  return filledPath;
}

/** The body as its type says. A file is one of the type that the example names. */
function bodyOf({ type = "", path, body }: Operation, value: Json): RequestInit {
  const [, fileType] = /;type=(.+)$/.exec(String(body?.["file"])) ?? [];
  if (type.startsWith("multipart") || fileType !== undefined) {
    const form = new FormData();
    for (const [name, field] of Object.entries(value)) if (name !== "file") form.set(name, String(field));
    const contentType = fileType?.replace(/^ogg$/, "audio/ogg") ?? "application/json";
    if (/media$|assets$/.test(path)) form.set("file", new File(["{}"], "a-file", { type: contentType }));
    return { body: form };
  }
  if (type.includes("urlencoded")) {
    const fields = Object.entries(value).map(([name, one]): [string, string] => [
      name,
      typeof one === "string" ? one : JSON.stringify(one),
    ]);
    return { body: new URLSearchParams(fields) };
  }
  // Where Meta's example has a placeholder, or nothing.
  const to = value["to"] !== undefined && !/\d/.test(JSON.stringify(value["to"])) && { to: "+16505551234" };
  const requests = path.endsWith("/join_requests") && { join_requests: ["a-request"] };
  return { body: JSON.stringify({ ...value, ...requests, ...to }), headers: { "content-type": "application/json" } };
}

/** Sends the operation to a sandbox that has nothing but what the operation names. */
export async function send(operation: Operation, sandbox: Sandbox, call: CallGraph = callerOf(sandbox)) {
  sandbox.reset();
  const path = await pathOf(operation, call, sandbox);
  const isNamed = Object.fromEntries(
    Object.entries(named).filter(
      ([name]) => name !== "1234567890123456" || operation.path.endsWith("share_preverified_numbers"),
    ),
  );
  const [query, value] = await withIds([operation.query ?? {}, operation.body ?? {}], isNamed, call);
  if (operation.path.endsWith("/deprecate")) await call("POST", `${path.split("/")[2]}/publish`);
  const search = new URLSearchParams(filled(query) as Record<string, string>);
  const url = `${sandbox.graphUrl}/${path.replace(/^\//, "")}${search.size > 0 ? `?${search.toString()}` : ""}`;
  const hasBody = operation.method !== "GET" && operation.type !== undefined;
  const { body, headers } = hasBody ? bodyOf(operation, filled(value) as Json) : {};
  const response = await fetch(url, {
    method: operation.method,
    headers: { authorization, ...(headers as Record<string, string> | undefined) },
    ...(body && { body }),
  });
  const text = await response.text();
  return { status: response.status, text, path };
}
