import { errAsync, okAsync } from "neverthrow";

import { outletName, type OutletRef } from "../content/identifiers.ts";
import { Secret } from "../domain/secret.ts";
import { type Credential, type Credentials, isSameCredential } from "../ports/credentials.ts";

/** Credentials that a test sets and removes. */
export interface InMemoryCredentials extends Credentials {
  /** Gives the outlet this credential from now on. */
  set(outlet: OutletRef, credential: Credential): void;
  /** Makes the outlet unknown from now on. */
  remove(outlet: OutletRef): void;
}

/** Credentials in memory. With `anyOutlet` each unknown outlet has a credential of its own. */
export function createInMemoryCredentials({ anyOutlet = false } = {}): InMemoryCredentials {
  const known = new Map<string, Credential>();
  const removed = new Set<string>();

  const credentialOf = (outlet: OutletRef): Credential | undefined => {
    const name = outletName(outlet);
    const { outletId } = outlet;
    if (known.has(name) || removed.has(name) || !anyOutlet) return known.get(name);
    return { accessToken: new Secret(`token-of-${outletId}`), phoneNumberId: `number-of-${outletId}` };
  };

  return {
    lookup(outlet, refused) {
      const credential = credentialOf(outlet);
      if (!credential) return errAsync({ kind: "OutletUnknown" });
      if (refused && isSameCredential(credential, refused)) return errAsync({ kind: "NoOtherCredential" });
      return okAsync(credential);
    },
    set(outlet, credential) {
      removed.delete(outletName(outlet));
      known.set(outletName(outlet), credential);
    },
    remove(outlet) {
      removed.add(outletName(outlet));
      known.delete(outletName(outlet));
    },
  };
}
