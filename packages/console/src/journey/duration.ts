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
