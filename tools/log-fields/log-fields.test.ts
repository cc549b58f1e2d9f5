import { expect, it } from "vitest";

import { fieldsIn } from "./log-fields.ts";

const source = `
function callbackFields({ messageId, version }: Event): object {
  const { number } = event;
  return { message_id: messageId, version };
}
function log(logger: Logger, event: Event) {
  const facts = { store, mode: "live" };
  logger.info(facts, "starting");
  logger[level]({ ...callbackFields(event), retry_at: event.retryAt, counts: { parked: 1 } }, "it: is, not { a: field }");
  return { status: 200 };
}
`;

it("finds the fields of the calls of a logger, and of what is passed to them", () => {
  expect(new Set(fieldsIn(source))).toEqual(
    new Set(["message_id", "version", "store", "mode", "retry_at", "counts", "parked"]),
  );
});

it("finds nothing where nothing is logged", () => {
  expect(fieldsIn("const facts = { id, field: 1 };")).toEqual([]);
});
