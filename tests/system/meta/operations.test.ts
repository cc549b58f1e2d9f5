import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Operation, operationsFile, send } from "./graph-walk.ts";
import type { Json } from "./published-examples.ts";

/** How many operations the emulator answers in Meta's shape. The number may only rise. */
const answered = 91;

const { operations } = operationsFile;
// Not strict: OpenAPI's own keywords mean nothing to JSON Schema.
const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema(operationsFile, "meta");

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

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
      const answer = await send(operation, sandbox);
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
