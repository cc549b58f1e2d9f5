import { z } from "zod";

import { once } from "./once.ts";

/** No user name, no whitespace, and no backslash, which some parsers read as a slash. */
const plainHttps = /^https:\/\/[^\s\p{Cc}/?#@\\]+(?:[/?#][^\s\p{Cc}]*)?$/iu;
const plainHttp = /^https?:\/\/[^\s\p{Cc}]+$/iu;

/**
 * At least two labels, the last one not a number, and not a name of a private network. No spelling of an IP address matches,
 * since the URL parser normalizes it first.
 */
const publicName =
  /^(?!(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|private|lan|home|corp|home\.arpa|svc)\.?$)(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?$/;

const longest = () => z.string().max(4096, { error: "is longer than 4096 characters", abort: true });

/** A URL that WhatsApp fetches a file from. Rejecting `http:` and IP addresses is our choice. */
export const mediaLink = once(() =>
  longest()
    .regex(plainHttps, { error: "must be an https URL without credentials and spaces", abort: true })
    .check(z.url({ hostname: publicName, error: "does not have a public host name" })),
);

/** A URL that the customer's browser opens. */
export const webLink = once(() => longest().regex(plainHttp, { error: "must be an http or https URL" }));
