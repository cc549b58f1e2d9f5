import fc from "fast-check";
import { expect, it } from "vitest";

import { createFifo, type FifoPlace } from "./fifo.ts";

it("keeps its items in order, whatever is removed from anywhere", () => {
  const steps = fc.array(fc.oneof(fc.constant("add"), fc.constant("serve"), fc.nat(20)));
  fc.assert(
    fc.property(steps, (taken) => {
      const queue = createFifo<number>();
      const places: FifoPlace<number>[] = [];
      let model: number[] = [];
      for (const step of taken) {
        const number = step === "add" ? places.length : step === "serve" ? queue.first : step;
        if (step === "add") {
          model.push(places.length);
          places.push(queue.add(places.length));
        } else if (number !== undefined) {
          const place = places[number];
          if (place) queue.remove(place);
          model = model.filter((other) => other !== number);
        }
        expect([queue.size, queue.first]).toEqual([model.length, model[0]]);
      }
    }),
  );
});
