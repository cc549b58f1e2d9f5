/** There was no complete answer. Contains no header, body or token. */
export interface HttpFailure {
  readonly kind: "HttpFailure";
  /** False is a proof: no byte of the request was sent, then or later. */
  readonly dispatched: boolean;
  /** The status, if the head was received before the body was lost. */
  readonly status?: number;
  /** A short stable text, such as `connection refused`. */
  readonly reason: string;
  /** A retry cannot help. */
  readonly final: boolean;
  /** The error's code. */
  readonly cause?: string;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "dns lookup failed",
  EAI_AGAIN: "dns lookup failed",
  EAI_FAIL: "dns lookup failed",
  EAI_NODATA: "dns lookup failed",
  UND_ERR_CONNECT_TIMEOUT: "connect timeout",
  ETIMEDOUT: "connect timeout",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "host unreachable",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  UND_ERR_SOCKET: "connection closed",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "response cut short",
  UND_ERR_HEADERS_OVERFLOW: "response head too large",
  PROXY_UNREACHABLE: "proxy unreachable",
  PROXY_TIMEOUT: "proxy timeout",
  PROXY_AUTHENTICATION: "proxy rejected its credentials",
  PROXY_REFUSED: "proxy refused the connection",
  HELD_BACK: "held back",
  BEGUN_BEFORE: "connection closed",
  UND_ERR_CLOSED: "client closed",
  UND_ERR_DESTROYED: "client closed",
};

/** OpenSSL's verification errors in Node's spelling, and Node's own for a wrong host name. */
const certificateErrors: ReadonlySet<string> = new Set([
  "CERT_CHAIN_TOO_LONG",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The state of a request when it failed. */
export interface Progress {
  readonly dispatched: boolean;
  readonly status?: number | undefined;
}

export function httpFailure(
  { dispatched, status }: Progress,
  reason: string,
  { final = false, cause }: { final?: boolean; cause?: string | undefined } = {},
): HttpFailure {
  return {
    kind: "HttpFailure",
    dispatched,
    ...(status !== undefined && { status }),
    reason,
    final,
    ...(cause !== undefined && { cause }),
  };
}

/** Keeps only the error's code: the error of a malformed answer contains its bytes. */
export function toHttpFailure(error: Error & { code?: unknown }, progress: Progress): HttpFailure {
  const code = typeof error.code === "string" ? error.code : error.name;
  if (!progress.dispatched && certificateErrors.has(code)) {
    return httpFailure(progress, "certificate not trusted", { final: true, cause: code });
  }
  return httpFailure(progress, reasonOf(code, progress), { cause: code });
}

function reasonOf(code: string, { dispatched, status }: Progress): string {
  const reason = reasons[code];
  if (status !== undefined && (reason?.startsWith("connection ") ?? false)) return "response cut short";
  if (reason) return reason;
  if (code.startsWith("HPE_") || code === "HTTPParserError")
    return status === undefined ? "answer is not HTTP" : "response cut short";
  return dispatched ? "connection failed" : "connecting failed";
}
