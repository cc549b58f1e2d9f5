/** Counts how many items start before a given turn, among queues that take turns. */
export interface TurnsAhead {
  /** Records that a queue grew to `size`. */
  joined(size: number): void;
  /** Records that a queue of `size` shrank by one. */
  left(size: number): void;
  /** How many items have started once each queue has had `turns` turns. */
  after(turns: number): number;
}

/** A Fenwick tree over how many queues have at least each length. Changes and lookups cost O(log n). */
export function createTurnsAhead(): TurnsAhead {
  /** Its length is one more than a power of two. */
  const tree = [0, 0];

  function grow(): void {
    const size = tree.length - 1;
    const sum = tree[size] ?? 0;
    for (let index = 0; index < size; index += 1) tree.push(0);
    tree[2 * size] = sum;
  }

  function change(size: number, by: 1 | -1): void {
    while (size >= tree.length) grow();
    for (let index = size; index < tree.length; index += index & -index) tree[index] = (tree[index] ?? 0) + by;
  }

  return {
    joined: (size) => change(size, 1),
    left: (size) => change(size, -1),
    after(turns) {
      let sum = 0;
      for (let index = Math.min(turns, tree.length - 1); index > 0; index -= index & -index) sum += tree[index] ?? 0;
      return sum;
    },
  };
}
