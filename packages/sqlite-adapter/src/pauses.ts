import { decodeEachStored, decodePause, decodeStored, encodePause, type Pauses } from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";

import type { GroupCommit } from "./database/group-commit.ts";

export function createPauses({ call }: GroupCommit): Pauses {
  return {
    add: (pause) => call("addPause", [pause.id, pause.until?.getTime() ?? null, encodePause(pause)]),
    list: () => call("listPauses").andThen((documents) => decodeEachStored(documents, decodePause)),
    find: (id) =>
      call("findPause", id).andThen((document) =>
        document === undefined ? okAsync(undefined) : decodeStored(document, decodePause),
      ),
    remove: (id) => call("removePause", id),
    removeEnded: (at) => call("removeEndedPauses", at.getTime()),
  };
}
