/** The place of the number's id in a provider's path. */
export const numberPlace = "{phone_number_id}";

/** Whether a value can be the base URL of a provider: http or https, without credentials, query and fragment. */
export function isProviderUrl(text: string): boolean {
  const url = /^https?:\/\/[^/\\][\x21-\x7e]*$/i.test(text) && text.length <= 2048 ? URL.parse(text) : null;
  if (!url) return false;
  return !url.username && !url.password && !text.includes("?") && !text.includes("#");
}

/** Whether a value can be the path of a provider's messages. Its last part is `messages`, and one part may be the number's id. */
export function isMessagesPath(text: string): boolean {
  const path = text.replace(numberPlace, "0");
  return /^(?:\/[\w.~!$&'()*+,;=:@-]+)*\/messages$/.test(path) && text.length <= 512 && !/\/\.{1,2}(?:\/|$)/.test(path);
}

/** Headers that every request has already, or that belong to its connection. */
const takenHeaders = new Set(
  "accept-encoding connection content-length content-type expect host keep-alive te trailer transfer-encoding upgrade".split(
    " ",
  ),
);

/** Whether a value can be the name of the header that has the access token. */
export function isAuthHeader(text: string): boolean {
  return isHeaderToken(text) && !takenHeaders.has(text.toLowerCase());
}

/** Whether a value can be the word before the access token. An empty one is none. */
export function isAuthScheme(text: string): boolean {
  return text === "" || isHeaderToken(text);
}

/** A token of RFC 9110, 5.6.2. */
function isHeaderToken(text: string): boolean {
  return headerToken.test(text);
}

const headerToken = /^[\w!#$%&'*+.^`|~-]{1,64}$/;

/** A pattern of JSON Schema has no flags. */
const inAnyCase = (word: string) => word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** The same rules for editors, as far as JSON Schema can say them: of a URL, not whether its host is one. */
export const providerPatterns = {
  url: { pattern: `^${inAnyCase("http")}[sS]?://[!-"$-.0-;=>A-~]+(/[!-"$->@-~]*)?$`, maxLength: 2048 },
  messages_path: {
    pattern: String.raw`^(?!.*/\.{1,2}/)(?!.*\{.*\{)(/([\w.~!$&'()*+,;=:@-]|\{phone_number_id\})+)*/messages$`,
    maxLength: 512,
  },
  auth_header: {
    pattern: `^(?!(${[...takenHeaders].map(inAnyCase).join("|")})$)${headerToken.source.slice(1)}`,
  },
  auth_scheme: { pattern: `^$|${headerToken.source}` },
};
