import { messageTypes } from "@message-sender/core/content";
import { coverage } from "@message-sender/emulator";
import { graphErrorRules } from "@message-sender/http-adapter/outbound";
import { expect, it } from "vitest";

const covered = coverage.flatMap(({ status, covers }) => (status === "supported" && covers ? [covers] : []));

it("the emulator accepts every message type that can be sent", () => {
  const types = covered.flatMap((covers) => covers.messageTypes ?? []);
  expect(messageTypes.filter((type) => !types.includes(type))).toEqual([]);
});

it("the emulator answers with every error code of the table as Meta does", () => {
  const codes = covered.flatMap((covers) => covers.errorCodes ?? []);
  expect(Object.keys(graphErrorRules).filter((code) => !codes.includes(Number(code)))).toEqual([]);
});
