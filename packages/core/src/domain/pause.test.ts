import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { describePause, explainPause, type Pause, pauseIdOf, type PauseTarget } from "./pause.ts";

const at = new Date("2025-11-21T10:00:00Z");
const pauseOf = (target: PauseTarget, change: Partial<Pause> = {}): Pause => ({
  ...target,
  id: pauseIdOf(target),
  reason: "the shop moves",
  by: "key-1",
  at,
  ...change,
});
const owner = "operator";

describe("the id of a pause", () => {
  it.each<[string, PauseTarget]>([
    ["tenant:acme", { kind: "tenant", name: "acme", tenantId: "acme", owner }],
    ["tenant:acme@tenant", { kind: "tenant", name: "acme", tenantId: "acme", owner: "tenant" }],
    ["outlet:acme:main", { kind: "outlet", name: "main", tenantId: "acme", owner }],
    ["number:109", { kind: "number", name: "109", owner }],
    ["number:109:acme", { kind: "number", name: "109", tenantId: "acme", owner }],
    ["template:sale", { kind: "template", name: "sale", owner }],
    ["template:sale::id", { kind: "template", name: "sale", language: "id", owner }],
    [
      "template:sale::en_US:102@whatsapp",
      { kind: "template", name: "sale", language: "en_US", wabaId: "102", owner: "whatsapp" },
    ],
  ])("%s", (id, target) => {
    expect(pauseIdOf(target)).toBe(id);
  });

  it("is that of one target only", () => {
    const part = fc.constantFrom("a", "b", ":", "@tenant", "a:b", "%3A", undefined);
    const target = fc.record({
      kind: fc.constantFrom("outlet" as const, "number" as const, "template" as const),
      name: part.filter((name) => name !== undefined),
      tenantId: part,
      language: part,
      owner: fc.constantFrom("operator" as const, "tenant" as const),
    });
    const meant = ({ kind, language, ...rest }: { kind: string; language: string | undefined }) =>
      JSON.stringify({ kind, ...(kind !== "outlet" && { language }), ...rest });
    fc.assert(
      fc.property(target, target, (one, other) => {
        const [first, second] = [pauseIdOf(one as PauseTarget), pauseIdOf(other as PauseTarget)];
        expect(first === second).toBe(meant(one) === meant(other));
      }),
    );
  });
});

it.each<[PauseTarget, string]>([
  [{ kind: "tenant", name: "acme", tenantId: "acme", owner }, "tenant acme"],
  [{ kind: "outlet", name: "main", tenantId: "acme", owner }, "outlet main of tenant acme"],
  [{ kind: "number", name: "109", owner }, "phone number 109"],
  [{ kind: "number", name: "109", tenantId: "acme", owner }, "phone number 109 of tenant acme"],
  [{ kind: "template", name: "sale", owner }, "template sale"],
  [{ kind: "template", name: "sale", language: "id", tenantId: "acme", owner }, "template sale (id) of tenant acme"],
  [
    { kind: "template", name: "sale", language: "id", wabaId: "102", owner: "whatsapp" },
    "template sale (id) of WhatsApp Business Account 102",
  ],
])("%o is described", (target, subject) => {
  const until = new Date("2025-11-21T12:00:00Z");
  expect(describePause(pauseOf(target))).toBe(`${subject} is paused: the shop moves`);
  expect(describePause(pauseOf(target, { until }))).toBe(
    `${subject} is paused until 2025-11-21T12:00:00.000Z: the shop moves`,
  );
  expect(explainPause(pauseOf(target, { until }))).toBe(
    `It waits: ${subject} is paused by key-1 until 2025-11-21T12:00:00.000Z because: the shop moves`,
  );
});
