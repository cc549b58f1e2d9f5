/**
 * The headers of each of Graph's own answers, whatever they say [botpress/messaging#676]. A path without a version is
 * answered with the app's.
 */
export function graphHeaders(version: string, traceId: string): Readonly<Record<string, string>> {
  return {
    "access-control-allow-origin": "*",
    "facebook-api-version": version === "" ? defaultVersion : version,
    "x-fb-request-id": traceId.slice(1),
    "x-fb-trace-id": traceId,
  };
}

const defaultVersion = "v25.0";
