import type { OutletRef } from "../../content/identifiers.ts";
import type { Credential, Credentials } from "../../ports/credentials.ts";
import type { Subject } from "../contract.ts";

export interface CredentialsSubject extends Subject {
  readonly credentials: Credentials;
  /** Gives the outlet this credential from now on. At first no outlet has one. */
  set(outlet: OutletRef, credential: Credential): void | Promise<void>;
  /** From now on the source of the credentials cannot be reached. */
  goAway(): void | Promise<void>;
}
