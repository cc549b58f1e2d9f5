import { expect } from "vitest";

import type { TemplateDefinition } from "../../domain/templates/template-definition.ts";
import type { AccountCredential } from "../../ports/templates.ts";
import type { Case } from "../contract.ts";
import { exampleCredential } from "../fixtures.ts";
import { failsWith, succeeds } from "../results.ts";
import type { TemplatesSubject } from "./subject.ts";

export const templatesCases: readonly Case<TemplatesSubject>[] = [
  {
    name: "Returns every template of the credential's account",
    async run(subject) {
      const many = Array.from({ length: 450 }, (_, index) => templateOf(`template_${index}`));
      await subject.set(account, many);
      await subject.set(otherAccount, [templateOf("other")]);
      expect(await list(subject)).toEqual(many);
    },
  },
  {
    name: "in each of its languages and whatever its status",
    async run(subject) {
      const statuses = ["APPROVED", "PAUSED", "DISABLED", "REJECTED", "PENDING"];
      const named = {
        ...templateOf("named"),
        parameterFormat: "NAMED",
        components: [{ type: "BODY", text: "{{first_name}}" }],
      };
      const all = [
        named,
        ...statuses.map((status) => ({ ...templateOf(status.toLowerCase()), status })),
        ...["en", "en_US", "id"].map((language) => ({ ...templateOf("greeting"), language })),
      ].toSorted(byName);
      await subject.set(account, all);
      expect(await list(subject)).toEqual(all);
    },
  },
  {
    name: "as it is now",
    async run(subject) {
      await subject.set(account, [templateOf("order_ready")]);
      await list(subject);
      const paused = { ...templateOf("order_ready"), status: "PAUSED" };
      await subject.set(account, [paused]);
      expect(await list(subject)).toEqual([paused]);
    },
  },
  {
    name: "A list that is not complete is `Unavailable`",
    async run(subject) {
      await subject.set(account, [templateOf("order_ready")]);
      await subject.goAway();
      const error = failsWith("Unavailable", await subject.templates.list(credential));
      expect(error.reason).not.toContain(credential.accessToken.reveal());
    },
  },
];

const account = "102290129340398";
const otherAccount = "102290129340399";
const credential: AccountCredential = { ...exampleCredential("1"), wabaId: account };

function templateOf(name: string): TemplateDefinition {
  const body = { type: "BODY", text: "Hello {{1}}, your order {{2}} is ready." };
  return { name, language: "en_US", status: "APPROVED", parameterFormat: "POSITIONAL", components: [body] };
}

/** Its templates in order. Fields that an adapter adds to a component do not matter. */
async function list({ templates }: TemplatesSubject): Promise<readonly TemplateDefinition[]> {
  const listed = succeeds(await templates.list(credential));
  return listed
    .map(({ components, ...rest }) => ({
      ...rest,
      components: components.map((component) => {
        const { type, text } = component as { readonly type?: unknown; readonly text?: unknown };
        return { type, text };
      }),
    }))
    .toSorted(byName);
}

function byName(one: TemplateDefinition, other: TemplateDefinition): number {
  return nameOf(one) < nameOf(other) ? -1 : 1;
}

function nameOf({ name, language }: TemplateDefinition): string {
  return `${name.replace(/\d+/, (digits) => digits.padStart(6, "0"))} ${language}`;
}
