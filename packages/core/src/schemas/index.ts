export { textContent } from "./text.ts";
export { type ContentProblem, messageTypes, parseContent } from "./content.ts";
