import { decodeEachStored, decodePause, encodePause, type Pauses } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createPauses({ call }: GroupCommit): Pauses {
  return {
    add: (pause) => call("addPause", [pause.id, pause.until?.getTime() ?? null, encodePause(pause)]),
    list: () => call("listPauses").andThen((documents) => decodeEachStored(documents, decodePause)),
    remove: (id) => call("removePause", id),
    removeEnded: (at) => call("removeEndedPauses", at.getTime()),
  };
}
