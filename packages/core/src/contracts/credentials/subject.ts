import type { OutletRef } from "../../content/identifiers.ts";
import type { Credential, Credentials } from "../../ports/credentials.ts";
import type { Subject } from "../contract.ts";

export interface CredentialsSubject extends Subject {
  readonly credentials: Credentials;
  /** Sets the outlet's credential. At first no outlet has one. */
  set(outlet: OutletRef, credential: Credential): void | Promise<void>;
  /** Makes the source of the credentials unreachable from now on. */
  goAway(): void | Promise<void>;
}
