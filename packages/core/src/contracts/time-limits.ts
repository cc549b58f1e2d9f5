/** For calls that are answered: an honest adapter on a slow machine never reaches it. */
export const answeredMs = 30_000;

/** By how much an answer may be late on a slow machine. */
export const slackMs = 10_000;

const defaultSilenceMs = 2000;
const silences: readonly string[] = ["never answers", "stops taking"];

/** The time limit of a call to which `scenario` happens. */
export function limitOf(scenario: string, { silenceMs = defaultSilenceMs }: { readonly silenceMs?: number }): number {
  return silences.includes(scenario) ? silenceMs : answeredMs;
}
