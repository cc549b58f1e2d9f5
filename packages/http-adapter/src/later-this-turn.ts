// Not the global one: a test with fake timers would hold up each request.
import { setImmediate } from "node:timers";

const many = 128;

/**
 * Returns a function that hands an item to `work` after all sockets of this turn of the event loop are read, together with the other
 * items of the turn, in their order. Under load a turn reads many requests and answers: if each were worked on in between, it would find
 * the processor's caches full of other code. When `many` items wait, they are done at once: each holds memory, as a request its headers and
 * its body, and a turn may read a request of each of ten thousand clients.
 */
export function laterThisTurn<T>(work: (item: T) => void): (item: T) => void {
  let items: T[] = [];

  function workOff(): void {
    const due = items;
    items = [];
    let taken = 0;
    try {
      while (taken < due.length) work(due[taken++] as T);
    } finally {
      for (const item of due.slice(taken)) add(item);
    }
  }

  function add(item: T): void {
    const count = items.push(item);
    if (count === 1) setImmediate(workOff);
    else if (count === many) workOff();
  }

  return add;
}
