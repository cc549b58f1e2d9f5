import type { RecordedRequest } from "../../http/request-record.ts";
import type { GraphError } from "../graph-error.ts";
import type { Tokens, TokenVerdict } from "./tokens.ts";

/** A request to WhatsApp. */
export interface GraphRequest extends RecordedRequest {
  /** Empty: the path names none. */
  readonly version: string;
  /** The id in the path: a number's where messages are sent and files uploaded. */
  readonly phoneNumberId: string;
  readonly accessToken?: string;
  /** Present when the message was accepted, whether or not the answer arrived. */
  readonly wamid?: string;
  /** Present when the upload was accepted. */
  readonly mediaId?: string;
}

/** Without "(#2500)" [filipporomani/whatsapp-python#46]. */
export function unknownPath(parts: readonly string[]): GraphError {
  return { code: 2500, message: `Unknown path components: /${parts.join("/")}` };
}

/** What Graph answers about an object that is not there, or not for this token. */
export function unknownObject(id: string, method: string): GraphError {
  return {
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
  };
}

/** What Graph answers to a token that is not valid. */
const tokenErrors: Readonly<Record<Exclude<TokenVerdict, "valid" | "foreign">, GraphError>> = {
  unknown: { code: 190 },
  expired: { code: 190, subcode: 463, message: "Error validating access token: Session has expired." },
  revoked: { code: 190, subcode: 467, message: "Error validating access token: The session is invalid." },
};

/** Whether a token may be used for an object, and what Graph answers if it may not. */
export interface Access {
  /** Any token that WhatsApp knows. */
  any(token: string | undefined): GraphError | undefined;
  number(token: string | undefined, id: string, method: string): GraphError | undefined;
  /** A token that may use one of the account's numbers. `isOpen`: or any, if the account has no numbers. */
  account(token: string | undefined, id: string, method: string, isOpen?: boolean): GraphError | undefined;
}

export function createAccess(tokens: () => Tokens, numbersOf: (accountId: string) => readonly string[]): Access {
  function refusal(token: string | undefined, phoneNumberId: string, foreign: () => GraphError | undefined) {
    const verdict = token === undefined ? "unknown" : tokens().verdict(token, phoneNumberId);
    if (verdict === "valid") return undefined;
    return verdict === "foreign" ? foreign() : tokenErrors[verdict];
  }

  return {
    any: (token) => refusal(token, "", () => undefined),
    number: (token, id, method) => refusal(token, id, () => unknownObject(id, method)),
    account(token, id, method, isOpen = false) {
      const numbers = numbersOf(id);
      const foreign = () => (isOpen && numbers.length === 0 ? undefined : unknownObject(id, method));
      const isOwn = numbers.some((number) => !refusal(token, number, () => unknownObject(id, method)));
      return isOwn ? undefined : refusal(token, "", foreign);
    },
  };
}
