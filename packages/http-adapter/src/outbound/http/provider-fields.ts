// Regular expressions, so that the JSON Schema of the tenants file says the same.

/** The place of the number's id in a provider's path. */
export const numberPlace = "{phone_number_id}";

/** The base URL of a provider: http or https, without credentials, query and fragment. */
export const providerUrl =
  /^(?=[\x21-\x7e]{1,2048}$)[Hh][Tt][Tt][Pp][Ss]?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:\/[^?#\\]*)?$/;

/** The path of a provider's messages. Its last part is `messages`, and one part may be the number's id. */
export const messagesPath =
  /^(?=.{1,512}$)(?!.*\/\.{1,2}(?:\/|$))(?!.*\{phone_number_id\}.*\{phone_number_id\})(?:\/(?:[\w.~!$&'()*+,;=:@-]|\{phone_number_id\})+)*\/messages$/;

/** Headers that every request has already, or that belong to its connection. */
const takenHeaders =
  "accept-encoding connection content-length content-type expect host keep-alive te trailer transfer-encoding upgrade".split(
    " ",
  );

/** A character of a token of RFC 9110, 5.6.2. */
const tokenCharacter = "[\\w!#$%&'*+.^`|~-]";

/** The name of the header that has the access token. */
export const authHeader = new RegExp(`^(?!(?:${takenHeaders.map(inAnyCase).join("|")})$)${tokenCharacter}{1,64}$`);

/** The word before the access token. An empty one is none. */
export const authScheme = new RegExp(`^${tokenCharacter}{0,64}$`);

/** A JSON Schema has no flag for it. */
function inAnyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
}

/** Whether a value can be the base URL of a provider. */
export function isProviderUrl(text: string): boolean {
  return providerUrl.test(text) && URL.canParse(text);
}
