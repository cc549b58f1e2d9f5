import fc from "fast-check";
import { expect, it } from "vitest";

import { createFifo } from "./fifo.ts";

it("keeps its items in order, whatever is removed from anywhere", () => {
  const steps = fc.array(fc.oneof(fc.constant("add"), fc.constant("serve"), fc.nat(20)));
  fc.assert(
    fc.property(steps, (taken) => {
      const queue = createFifo<number>();
      const leave: (() => void)[] = [];
      let model: number[] = [];
      for (const step of taken) {
        const number = step === "add" ? leave.length : step === "serve" ? queue.first : step;
        if (step === "add") {
          model.push(leave.length);
          leave.push(queue.add(leave.length));
        } else if (number !== undefined) {
          leave[number]?.();
          model = model.filter((other) => other !== number);
        }
        expect([queue.size, queue.first]).toEqual([model.length, model[0]]);
      }
    }),
  );
});
