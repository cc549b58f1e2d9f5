import { expect, it } from "vitest";

import { examplesIn } from "./docstring-examples.ts";

const source = `/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * const sum = add(1, 2);
 *
 * console.log(sum);
 * \`\`\`
 */
export declare function add(a: number, b: number): number;
/**
 * @example
 * subtract(1, 2);
 * @throws never
 */
`;

it("gives the text of each example, with or without a fence", () => {
  expect(examplesIn(source)).toEqual(["const sum = add(1, 2);\n\nconsole.log(sum);", "subtract(1, 2);"]);
});
