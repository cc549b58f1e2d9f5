import { expect } from "vitest";

import type { Credential } from "../../ports/credentials.ts";
import type { Case } from "../contract.ts";
import { exampleCredential, exampleOutlet } from "../fixtures.ts";
import type { CredentialsSubject } from "./subject.ts";
import { failsWith, succeeds } from "../results.ts";

export const credentialsCases: readonly Case<CredentialsSubject>[] = [
  {
    name: "Returns the outlet's present credential",
    async run({ credentials, set }) {
      await set(exampleOutlet, first);
      expect(reveal(succeeds(await credentials.lookup(exampleOutlet)))).toEqual(reveal(first));
      await set(exampleOutlet, second);
      expect(reveal(succeeds(await credentials.lookup(exampleOutlet)))).toEqual(reveal(second));
    },
  },
  {
    name: "Outlets of the same name of two tenants are two outlets",
    async run({ credentials, set }) {
      const other = { ...exampleOutlet, tenantId: "tenant-2" };
      await set(other, second);
      await set(exampleOutlet, first);
      const answers = await Promise.all([exampleOutlet, other].map((outlet) => credentials.lookup(outlet)));
      expect(answers.map((answer) => reveal(succeeds(answer)))).toEqual([first, second].map(reveal));
    },
  },
  {
    name: "never returns that one again",
    async run({ credentials, set }) {
      await set(exampleOutlet, first);
      succeeds(await credentials.lookup(exampleOutlet));
      await set(exampleOutlet, second);
      const answers = await Promise.all(many(() => credentials.lookup(exampleOutlet, first)));
      for (const answer of answers) expect(reveal(succeeds(answer))).toEqual(reveal(second));
    },
  },
  {
    name: "where there is no other, the answer is `NoOtherCredential`",
    async run({ credentials, set }) {
      await set(exampleOutlet, first);
      const answer = await credentials.lookup(exampleOutlet, first);
      failsWith("NoOtherCredential", answer);
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
        failsWith("OutletUnknown", await credentials.lookup(outlet));
      }
    },
  },
  {
    name: "Where the source cannot be reached the answer is `Unavailable`",
    async run({ credentials, set, goAway }) {
      await set(exampleOutlet, first);
      await goAway();
      failsWith("Unavailable", await credentials.lookup(exampleOutlet, second));
    },
  },
];

const first = exampleCredential("1");
const second = exampleCredential("2");

function reveal({ accessToken, phoneNumberId }: Credential) {
  return { accessToken: accessToken.reveal(), phoneNumberId };
}

function many<T>(make: () => T): T[] {
  return Array.from({ length: 20 }, make);
}
