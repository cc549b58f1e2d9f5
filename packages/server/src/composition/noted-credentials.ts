import type { Secret } from "@message-sender/core";
import type { Credentials } from "@message-sender/core/adapter";

/** Notes each access token that is looked up, so that the log never shows it. */
export function notedCredentials(credentials: Credentials, note: (token: Secret) => void): Credentials {
  return {
    ...credentials,
    lookup: (outlet, refused) => credentials.lookup(outlet, refused).andTee(({ accessToken }) => note(accessToken)),
  };
}
