/** Whether this is `npm run test:long`, a part of `check:full`: some tests then take a larger amount. */
export const isLongForm = process.env["LONG_FORM"] === "on";
