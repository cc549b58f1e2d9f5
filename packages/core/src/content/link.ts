import { z } from "zod";

/** No user name, no space and no backslash, which some take for a slash. */
const plainHttps = /^https:\/\/[^\s\p{Cc}/?#@\\]+(?:[/?#][^\s\p{Cc}]*)?$/iu;
const plainHttp = /^https?:\/\/[^\s\p{Cc}]+$/iu;

/**
 * At least two labels, the last of which is no number, and not a name that stands for something inside of a network. An IP
 * address is none of that, in whatever spelling, since the URL's parser has written it out before.
 */
const publicName =
  /^(?!(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|private|lan|home|corp|home\.arpa|svc)\.?$)(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?$/;

const longest = z.string().max(4096, { error: "is longer than 4096 characters", abort: true });

/** Where WhatsApp fetches a file from. That `http:` and IP addresses are refused is our choice. */
export const mediaLink = longest
  .regex(plainHttps, { error: "is not an https URL without a user name and spaces", abort: true })
  .check(z.url({ hostname: publicName, error: "is not the URL of a public host name" }));

/** What a customer's browser opens. */
export const webLink = longest.regex(plainHttp, { error: "is not an http or https URL" });
