import { readFileSync } from "node:fs";

import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CallGraph, goneObject, named, objects } from "./graph-objects.ts";
import { filled, type Json } from "./published-examples.ts";

/** How many operations the emulator answers in Meta's shape. The number may only rise. */
const answered = 91;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly body?: Json;
  readonly answer?: Json;
}

const file = JSON.parse(readFileSync(new URL("published/operations.json", import.meta.url), "utf8")) as {
  readonly operations: readonly Operation[];
};
const { operations } = file;
// Not strict: OpenAPI's own keywords mean nothing to JSON Schema.
const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema(file, "meta");

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const authorization = "Bearer a-token";

const call: CallGraph = async (method, path, body) => {
  const headers = { authorization, "content-type": "application/json" };
  const url = `${sandbox.graphUrl}/v23.0/${path}`;
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return (await response.json()) as Json;
};

/** Replaces what names an object by the id of one, which is created before. */
async function withIds<T>(value: T, known: typeof named): Promise<T> {
  let json = JSON.stringify(value);
  for (const [name, make] of Object.entries(known)) {
    const pattern = new RegExp(`"(<|\\{\\{)?${name}(>|\\}\\})?"`, "g");
    if (pattern.test(json)) json = json.replaceAll(pattern, JSON.stringify(await make(call)));
  }
  return JSON.parse(json) as T;
}

async function pathOf({ path }: Operation): Promise<string> {
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
async function send(operation: Operation) {
  sandbox.reset();
  const path = await pathOf(operation);
  const isNamed = Object.fromEntries(
    Object.entries(named).filter(
      ([name]) => name !== "1234567890123456" || operation.path.endsWith("share_preverified_numbers"),
    ),
  );
  const [query, value] = await withIds([operation.query ?? {}, operation.body ?? {}], isNamed);
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

/** What is not as Meta's schema says; none: the answer is in Meta's shape. */
function deviationsOf({ answer }: Operation, { status, text }: { status: number; text: string }): readonly string[] {
  if (status !== 200) return [`${status} ${text}`];
  if (answer === undefined) return [];
  const schema = JSON.parse(JSON.stringify(answer).replaceAll('"#/components', '"meta#/components')) as Json;
  const validate = ajv.compile(schema);
  return validate(JSON.parse(text)) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

describe("the operations of Meta's OpenAPI file", () => {
  const deviations = new Map<
    string,
    { readonly found: readonly string[]; readonly text: string; readonly path: string }
  >();
  beforeAll(async () => {
    for (const operation of operations) {
      const answer = await send(operation);
      const found = deviationsOf(operation, answer);
      if (found.length > 0) deviations.set(`${operation.method} ${operation.path}`, { found, ...answer });
    }
  });

  it(`are ${operations.length}, of which ${answered} are answered in Meta's shape`, () => {
    const others = [...deviations].map(([operation, { found }]) => `${operation}: ${found.join("; ")}`);
    expect([operations.length, operations.length - deviations.size], others.join("\n")).toEqual([112, answered]);
  });

  it("are unknown paths, or about unknown objects, if they are not there", () => {
    for (const [operation, { text, path }] of deviations) {
      const { error } = JSON.parse(text) as { error: { code: number; message: string; error_subcode?: number } };
      const isUnknownObject = error.code === 100 && error.error_subcode === 33;
      const unknownPath = { code: 2500, message: `Unknown path components: ${path.replace(/^\/v23\.0/, "")}` };
      expect(isUnknownObject ? unknownPath : error, operation).toMatchObject(unknownPath);
    }
  });
});
