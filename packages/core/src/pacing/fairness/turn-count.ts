/** Of lines that take turns, how many of those in them go before somebody. */
export interface TurnCount {
  /** One more stands in a line, which makes it `size` long. */
  joined(size: number): void;
  /** One less stands in a line that was `size` long. */
  left(size: number): void;
  /** How many have gone when each line has had `turns` turns. */
  after(turns: number): number;
}

/** A Fenwick tree over how many lines are at least so long: each change and each question costs a logarithm. */
export function createTurnCount(): TurnCount {
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
