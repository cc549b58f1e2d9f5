import { expect } from "vitest";

import type { OutletRef } from "../content/identifiers.ts";
import type { Credential, Credentials } from "../ports/credentials.ts";
import { type Contract, type ContractOptions, describeContract, type Subject } from "./contract.ts";
import { exampleCredential, exampleOutlet } from "./fixtures.ts";

export interface CredentialsSubject extends Subject {
  readonly credentials: Credentials;
  /** Gives the outlet this credential from now on. No outlet has any before. */
  set(outlet: OutletRef, credential: Credential): void | Promise<void>;
  /** From now on whoever knows the credentials cannot be reached. */
  goAway(): void | Promise<void>;
}

export const credentialsContract: Contract<CredentialsSubject> = {
  port: "Credentials",
  cases: [
    {
      name: "Gives the outlet's present credential",
      async run({ credentials, set }) {
        await set(exampleOutlet, first);
        expect(reveal((await credentials.lookup(exampleOutlet))._unsafeUnwrap())).toEqual(reveal(first));
        await set(exampleOutlet, second);
        expect(reveal((await credentials.lookup(exampleOutlet))._unsafeUnwrap())).toEqual(reveal(second));
      },
    },
    {
      name: "Outlets of one name of two tenants are two outlets",
      async run({ credentials, set }) {
        const other = { ...exampleOutlet, tenantId: "tenant-2" };
        await set(other, second);
        await set(exampleOutlet, first);
        const answers = await Promise.all([exampleOutlet, other].map((outlet) => credentials.lookup(outlet)));
        expect(answers.map((answer) => reveal(answer._unsafeUnwrap()))).toEqual([first, second].map(reveal));
      },
    },
    {
      name: "never gives that one again",
      async run({ credentials, set }) {
        await set(exampleOutlet, first);
        (await credentials.lookup(exampleOutlet))._unsafeUnwrap();
        await set(exampleOutlet, second);
        const answers = await Promise.all(many(() => credentials.lookup(exampleOutlet, first)));
        for (const answer of answers) expect(reveal(answer._unsafeUnwrap())).toEqual(reveal(second));
      },
    },
    {
      name: "where there is no other, the answer is `NoOtherCredential`",
      async run({ credentials, set }) {
        await set(exampleOutlet, first);
        const answer = await credentials.lookup(exampleOutlet, first);
        expect(answer._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
      },
    },
    {
      name: "No such tenant, or no such outlet of that tenant",
      async run({ credentials, set }) {
        await set(exampleOutlet, first);
        const strangers = [
          { tenantId: "tenant-1", outletId: "outlet-2" },
          { tenantId: "tenant-2", outletId: "outlet-1" },
          { tenantId: "__proto__", outletId: "constructor" },
        ];
        for (const outlet of strangers) {
          expect((await credentials.lookup(outlet))._unsafeUnwrapErr().kind).toBe("OutletUnknown");
        }
      },
    },
    {
      name: "Whoever cannot be asked is `Unavailable`",
      async run({ credentials, set, goAway }) {
        await set(exampleOutlet, first);
        await goAway();
        expect((await credentials.lookup(exampleOutlet, second))._unsafeUnwrapErr().kind).toBe("Unavailable");
      },
    },
  ],
};

export function describeCredentialsContract(options: ContractOptions<CredentialsSubject>): void {
  describeContract(credentialsContract, options);
}

const first = exampleCredential("1");
const second = exampleCredential("2");

function reveal({ accessToken, phoneNumberId }: Credential) {
  return { accessToken: accessToken.reveal(), phoneNumberId };
}

function many<T>(make: () => T): T[] {
  return Array.from({ length: 20 }, make);
}
