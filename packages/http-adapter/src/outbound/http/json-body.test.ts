import { expect, it } from "vitest";

import { parseJsonBody } from "./json-body.ts";

it.each<[unknown, Buffer]>([
  [{ id: "é" }, Buffer.from('{"id":"é"}')],
  [{ id: "é" }, Buffer.from('\ufeff{"id":"é"}')],
  [undefined, Buffer.from('\ufeff\ufeff{"id":1}')],
  [undefined, Buffer.from('{"id":"é"}', "latin1")],
  [undefined, Buffer.from('\ufeff{"id":1}', "utf16le")],
  [undefined, Buffer.alloc(0)],
])("%j is the value of %s", (value, body) => {
  expect(parseJsonBody(body)).toEqual(value);
});
