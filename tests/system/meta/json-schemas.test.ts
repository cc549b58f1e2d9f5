import { contentJsonSchemas, type MessageType, parseContent } from "@message-sender/core/content";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, it } from "vitest";

import { atLimits, contentAt } from "./contents-at-limits.ts";
import { metaExamples } from "./published-examples.ts";

const ajv = addFormats.default(new Ajv2020({ strict: false }));
const validators = Object.fromEntries(
  Object.entries(contentJsonSchemas()).map(([type, schema]) => [type, ajv.compile(schema)]),
) as Record<MessageType, ValidateFunction>;

/** What the schema finds in an object. */
function faultsOf(type: string, object: unknown): string {
  const validate = validators[type as MessageType];
  return validate(JSON.parse(JSON.stringify(object))) ? "" : ajv.errorsText(validate.errors);
}

it.each(atLimits)("admits what is accepted: $at ($type)", (limit) => {
  for (const value of limit.within) expect(faultsOf(limit.type, contentAt(limit, value))).toBe("");
});

it("admits each of Meta's examples that is accepted", () => {
  const examples = metaExamples("message-request-examples").filter(({ body }) => typeof body["type"] === "string");
  const accepted = examples.filter(({ body }) => parseContent(body["type"], body[String(body["type"])]).isOk());
  expect(accepted.length).toBeGreaterThan(40);
  for (const { name, body } of accepted) {
    expect(faultsOf(String(body["type"]), body[String(body["type"])]), name).toBe("");
  }
});

it("rejects most of what is not accepted; rules across fields are invisible to it", () => {
  const rejections = atLimits.flatMap((limit) =>
    limit.beyond.map((value) => faultsOf(limit.type, contentAt(limit, value)) !== ""),
  );
  expect(rejections.filter((isRejected) => isRejected).length / rejections.length).toBeGreaterThan(0.75);
});
