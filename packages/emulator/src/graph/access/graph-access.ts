import type { RecordedRequest } from "../../http/request-record.ts";
import type { GraphError } from "../graph-error.ts";
import type { Tokens, TokenVerdict } from "./tokens.ts";

/** A request to WhatsApp. */
export interface GraphRequest extends RecordedRequest {
  readonly version: string;
  readonly phoneNumberId: string;
  readonly accessToken?: string;
  /** Present when the message was accepted, whether or not the answer arrived. */
  readonly wamid?: string;
  /** Present when the upload was accepted. */
  readonly mediaId?: string;
}

/** Checks that the path names a version and that the token may use the number. */
export function checkAccess(request: GraphRequest, tokens: Tokens): GraphError | undefined {
  return checkPath(request) ?? checkToken(request, tokens);
}

export function unknownPath(path: string): GraphError {
  return { code: 2500, message: `Unknown path components: ${path}` };
}

function checkPath({ version, path }: GraphRequest): GraphError | undefined {
  return /^v\d+\.\d+$/.test(version) ? undefined : unknownPath(path);
}

/** What Graph answers to a token that is not valid. */
export const tokenErrors: Readonly<Record<Exclude<TokenVerdict, "valid" | "foreign">, GraphError>> = {
  unknown: { code: 190 },
  expired: { code: 190, subcode: 463, message: "Error validating access token: Session has expired." },
  revoked: { code: 190, subcode: 467, message: "Error validating access token: The session is invalid." },
};

function checkToken({ accessToken, phoneNumberId }: GraphRequest, tokens: Tokens): GraphError | undefined {
  const verdict = accessToken === undefined ? "unknown" : tokens.verdict(accessToken, phoneNumberId);
  if (verdict === "valid") return undefined;
  if (verdict !== "foreign") return tokenErrors[verdict];
  return {
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message: `Unsupported post request. Object with ID '${phoneNumberId}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  };
}
