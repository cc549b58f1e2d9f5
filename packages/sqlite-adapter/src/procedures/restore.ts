import type { DatabaseSync } from "node:sqlite";

import { removeBackupMark } from "../schema/backup-mark.ts";

export interface RestoreProcedures {
  /**
   * Ends the restoring of a backup. The open quota blocks are forgotten: the store that was backed up settles them, and a number
   * counted from the backup would replace its number. A block that is never settled counts as used.
   */
  endRestore(): void;
}

export function createRestoreProcedures(database: DatabaseSync): RestoreProcedures {
  return {
    endRestore() {
      database.exec(`DELETE FROM quota_blocks; DELETE FROM quota_requests;
        DELETE FROM lines WHERE NOT EXISTS (
          SELECT 1 FROM messages INDEXED BY messages_open_by_recipient
          WHERE messages.tenant_id = lines.tenant_id AND messages.outlet_id = lines.outlet_id AND messages.is_open = 1)`);
      removeBackupMark(database);
    },
  };
}
