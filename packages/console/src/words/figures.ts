/** A count with separators. One that was not counted to its end says so. */
export function countText(count: number, limit = Infinity): string {
  return `${count.toLocaleString("en-US")}${count >= limit ? "+" : ""}`;
}

/** A share in percent, with a decimal where it is small. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
