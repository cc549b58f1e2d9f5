/** Whether `npm run test:long` runs, a part of `check:full`: some tests then do more of the same. What they prove, they prove without it. */
export const isLongForm = process.env["LONG_FORM"] === "on";
