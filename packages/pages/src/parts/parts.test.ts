import { expect, it } from "vitest";

import { type Html, renderHtml } from "../document/render.ts";
import { Badge } from "./badge.tsx";
import { Bubble } from "./bubble.tsx";
import { Code } from "./code.tsx";
import { Dialog, OpenButton } from "./dialog.tsx";
import { Field, Form, Select } from "./form.tsx";
import { Meter } from "./meter.tsx";
import { EmptyState, Facts, Panel } from "./panel.tsx";
import { StatusTick } from "./status-tick.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

const bad = `"'><img src=x onerror=alert(1)>`;

const parts: Readonly<Record<string, Html>> = {
  badge: Badge({ children: bad }),
  bubble: Bubble({ id: bad, direction: "in", from: bad, at: 0, status: bad, reactions: [bad], children: bad }),
  code: Code({ id: bad, text: bad, label: bad }),
  dialog: Dialog({ id: bad, title: bad, children: bad }),
  "button that opens": OpenButton({ opens: bad, fill: { [bad]: bad }, label: bad, children: bad }),
  form: Form({ action: bad, label: bad, children: Field({ label: bad, hint: bad, children: bad }) }),
  select: Select({ name: bad, options: [[bad, bad]], value: bad, label: bad }),
  meter: Meter({ label: bad, value: 1, max: 2, text: bad }),
  panel: Panel({ title: bad, note: bad, tools: bad, children: bad }),
  "empty state": EmptyState({ title: bad, children: bad }),
  facts: Facts({ of: [[bad, bad]] }),
  table: Table({ caption: bad, rows: [bad], idOf: (row) => row, columns: [{ heading: bad, cell: (row) => row }] }),
};

it.each(Object.entries(parts))("%s: shows markup as text", async (_, part) => {
  const text = await renderHtml(part);
  expect(text).toContain("&lt;img");
  expect(text).not.toContain("<img");
  // Outside of a quoted value there is nothing that could be an attribute of theirs.
  expect(text.replace(/"[^"]*"/g, `""`)).not.toMatch(/<[^>]*onerror/);
  expect(text).not.toMatch(/ style=/);
});

it("says in words what a tick shows", async () => {
  expect(await renderHtml(StatusTick({ status: "read" }))).toContain(`<span class="hidden">Read</span>`);
});

it("writes a time in UTC until the browser knows better", async () => {
  const time = await renderHtml(Time({ at: Date.UTC(2026, 2, 4, 5, 6, 7), form: "second" }));
  expect(time).toBe(`<time datetime="2026-03-04T05:06:07.000Z" data-local="second">05:06:07</time>`);
  expect(await renderHtml(Time({ at: Number.NaN }))).toBe("<span>—</span>");
});
