/** Whether this is `npm run test:long`, a part of `check:full`: some tests then take a larger amount. */
export const isLongForm = process.env["LONG_FORM"] === "on";

/** How often a property is tried: `count` times in the long form, otherwise a quarter of it. */
export const runs = (count: number): { readonly numRuns: number } => ({
  numRuns: isLongForm ? count : Math.ceil(count / 4),
});
