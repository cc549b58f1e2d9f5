import type { Random } from "../random.ts";

/** How the oracle treats a request. */
export type Outcome =
  | { readonly kind: "answer"; readonly status: number; readonly code?: number }
  /** The message is sent, and the answer is an error. */
  | { readonly kind: "accept, refuse"; readonly status: number; readonly code: number }
  | { readonly kind: "accept"; readonly answer: "whole" | "destroyed" | "never"; readonly reported?: false }
  | { readonly kind: "reset" };

export type OutcomeName = keyof typeof outcomes;

const outcomes = {
  accepted: { kind: "accept", answer: "whole" },
  "accepted, unreported": { kind: "accept", answer: "whole", reported: false },
  "accepted, destroyed": { kind: "accept", answer: "destroyed" },
  "accepted, silent": { kind: "accept", answer: "never" },
  "maybe processed": { kind: "accept, refuse", status: 500, code: 131000 },
  transient: { kind: "answer", status: 503, code: 131016 },
  "bare 500": { kind: "answer", status: 500 },
  throttled: { kind: "answer", status: 429, code: 130429 },
  refused: { kind: "answer", status: 400, code: 131026 },
  "credentials refused": { kind: "answer", status: 401, code: 190 },
  reset: { kind: "reset" },
} as const satisfies Record<string, Outcome>;

const shares: readonly [OutcomeName, number][] = [
  ["maybe processed", 0.02],
  ["transient", 0.05],
  ["bare 500", 0.03],
  ["throttled", 0.02],
  ["refused", 0.02],
  ["credentials refused", 0.002],
  ["accepted, destroyed", 0.03],
  ["accepted, silent", 0.005],
  ["reset", 0.02],
];

/** A seeded mix of outcomes. Ordered outcomes come first. When calm, everything is accepted. */
export function createOutcomes(random: Random) {
  const ordered: OutcomeName[] = [];
  let calm = false;

  function drawn(): OutcomeName {
    let rest = random.next();
    for (const [name, share] of shares) {
      rest -= share;
      if (rest < 0) return name;
    }
    return "accepted";
  }

  return {
    next: (): Outcome => outcomes[ordered.shift() ?? (calm ? "accepted" : drawn())],
    order(name: OutcomeName, count: number): void {
      ordered.splice(0, ordered.length, ...Array.from({ length: count }, () => name));
    },
    calmDown(): void {
      calm = true;
      ordered.length = 0;
    },
  };
}
