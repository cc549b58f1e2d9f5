const units = [
  [86_400_000, "d", 3_600_000, "h"],
  [3_600_000, "h", 60_000, "min"],
  [60_000, "min", 1000, "s"],
] as const;

/** A length of time for people: `340 ms`, `1.1 s`, `12 min 3 s`, `3 h 12 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole} ms`;
  if (whole < 59_950) return `${Math.round(whole / 100) / 10} s`;
  for (const [large, largeName, small, smallName] of units) {
    const rounded = Math.round(whole / small) * small;
    if (rounded < large) continue;
    const rest = Math.round((rounded % large) / small);
    return `${Math.floor(rounded / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ""}`;
  }
  return `${Math.round(whole / 1000)} s`;
}

/** The same in one unit, for what grows while a page is open: `320 ms`, `4.2 s`, `3 min`, `2 h`, `5 d`. */
export function roughDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}
