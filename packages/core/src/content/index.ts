export { textContent } from "./text-schema.ts";
export { type ContentProblem, messageTypes, parseContent } from "./parse-content.ts";
