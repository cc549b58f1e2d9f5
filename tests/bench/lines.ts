/** What an aim is missed without, and what it is about. */
interface Aim {
  readonly must: number;
  readonly goal: number;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function row(title: string, ...cells: readonly string[]): void {
  say(`  ${title.padEnd(34)}${cells.map((cell) => cell.padStart(18)).join("")}`);
}

export function atMost({ must, goal }: Aim, value: number, what: string, digits = 2): void {
  verdict(what, value.toFixed(digits), `at most ${must}, goal ${goal}`, value <= must, value <= goal);
}

export function atLeast({ must, goal }: Aim, value: number, what: string, digits = 2): void {
  verdict(what, value.toFixed(digits), `at least ${must}, goal ${goal}`, value >= must, value >= goal);
}

function verdict(what: string, value: string, aim: string, isReached: boolean, isGoal: boolean): void {
  const word = isGoal ? "goal" : isReached ? "reached" : "MISSED";
  say(`  ${word.padEnd(9)}${what}: ${value} (${aim})`);
}

export function say(line: string): void {
  console.log(line);
}
