import fc from "fast-check";
import { expect, it } from "vitest";

import { createHeap, type HeapPlace } from "./heap.ts";

it("returns the lowest rank first, equal ranks in order of arrival, whatever is removed from anywhere", () => {
  const steps = fc.array(fc.oneof(fc.record({ rank: fc.nat(5) }), fc.constant("serve"), fc.nat(30)), { maxLength: 80 });
  fc.assert(
    fc.property(steps, (taken) => {
      const heap = createHeap<number>();
      const ranks: number[] = [];
      const places: HeapPlace<number>[] = [];
      const model = new Set<number>();
      const first = (): number | undefined =>
        [...model].toSorted((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0) || one - other)[0];
      for (const step of taken) {
        if (typeof step === "object") {
          model.add(ranks.length);
          places.push(heap.add(ranks.length, step.rank));
          ranks.push(step.rank);
        } else {
          const item = step === "serve" ? heap.first : step;
          if (item === undefined) continue;
          const place = places[Number(item)];
          if (place) heap.remove(place);
          model.delete(Number(item));
        }
        expect(heap.first).toBe(first());
      }
    }),
  );
});
