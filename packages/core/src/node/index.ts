export { createSystemClock } from "./system-clock.ts";
export { createSystemIds } from "./system-ids.ts";
