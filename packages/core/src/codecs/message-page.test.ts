import { okAsync } from "neverthrow";
import { expect, it } from "vitest";

import { exampleMessage, exampleUnavailable } from "../contracts/fixtures.ts";
import { encodeMessage } from "./message.ts";
import { collectPage, type FoundRows, type StoredRow } from "./message-page.ts";

function rowAt(number: number, document = encodeMessage(exampleMessage({ id: `m-${number}` }))): StoredRow {
  return { acceptedAt: new Date(number), number, document };
}

/** A store that holds `count` messages, of which those whose number `every` divides match. */
function storeOf(count: number, every: number, document?: string) {
  const lookedAt: number[] = [];
  return {
    lookedAt,
    scan(after: { readonly number: number } | undefined, wanted: number, scanLimit: number) {
      const rows: StoredRow[] = [];
      let [number, looks] = [after?.number ?? count + 1, 0];
      while (number > 1 && looks < scanLimit && rows.length < wanted) {
        number -= 1;
        looks += 1;
        if (number % every === 0) rows.push(rowAt(number, document));
      }
      lookedAt.push(looks);
      return okAsync<FoundRows>({ rows, ...(number > 1 && { stoppedAt: { acceptedAt: new Date(number), number } }) });
    },
  };
}

const still = () => 0;

it("stops at the page's end, and looks for one message more to know whether there is another page", async () => {
  const store = storeOf(100, 1);
  const page = (await collectPage({ limit: 10, scan: store.scan, monotonicMs: still }))._unsafeUnwrap();
  expect(page.messages.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => `m-${100 - index}`));
  expect(page.next?.number).toBe(91);
  expect(store.lookedAt).toEqual([11]);
});

it("looks at 10,000 messages at most, in several calls", async () => {
  const store = storeOf(50_000, 9000);
  const page = (await collectPage({ limit: 10, scan: store.scan, monotonicMs: still }))._unsafeUnwrap();
  expect(page.messages.map(({ id }) => id)).toEqual(["m-45000"]);
  expect(page.next?.number).toBe(40_001);
  expect(store.lookedAt).toEqual([2000, 2000, 2000, 2000, 2000]);
});

it("looks for 20 ms at most", async () => {
  const store = storeOf(50_000, 50_001);
  const times = [0, 9, 19, 20];
  const page = await collectPage({ limit: 10, scan: store.scan, monotonicMs: () => times.shift() ?? 0 });
  expect(page._unsafeUnwrap()).toEqual({ messages: [], next: { acceptedAt: new Date(44_001), number: 44_001 } });
  expect(store.lookedAt).toHaveLength(3);
});

it("leaves damaged messages out; if all that is left is damaged, the store is unavailable", async () => {
  const many = await collectPage({ limit: 10, scan: storeOf(30_000, 1, "{").scan, monotonicMs: still });
  expect(many._unsafeUnwrap()).toMatchObject({ messages: [], next: { number: 29_991 } });
  const few = await collectPage({ limit: 10, scan: storeOf(5, 1, "{").scan, monotonicMs: still });
  expect(few._unsafeUnwrapErr()).toMatchObject({ kind: exampleUnavailable.kind });
});
