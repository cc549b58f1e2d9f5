/**
 * As Prometheus estimates a quantile: what lies within a bucket is spread evenly. Of the last bucket, which has no end, its beginning
 * is known alone.
 */
export function percentileOf(span: readonly number[], bounds: readonly number[], share: number): number | undefined {
  const all = span.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  const wanted = share * all;
  let before = 0;
  for (const [bucket, count] of span.entries()) {
    if (before + count < wanted || count === 0) {
      before += count;
      continue;
    }
    const from = bounds[bucket - 1] ?? 0;
    const to = bounds[bucket];
    return to === undefined ? from : from + ((to - from) * (wanted - before)) / count;
  }
  return bounds.at(-1);
}
