import type { Ids } from "../../ports/ids.ts";
import type { Subject } from "../contract.ts";

export interface IdsSubject extends Subject {
  readonly ids: Ids;
}
