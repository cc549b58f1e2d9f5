import { err, errAsync, ok, okAsync, type ResultAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { hasEnded, type Pause, pauseIdOf } from "../../domain/pause.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Pauses } from "../../ports/store/pauses.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { brokenRules, type InvalidCommand } from "../accept/field-checks.ts";
import type { KnownPauses } from "./known-pauses.ts";
import { type PauseCommand, pauseRules, targetOf } from "./pause-command.ts";

/** Which pause to end. */
export interface ResumeCommand {
  /** The `id` of the pause. */
  readonly id: string;
  /** Ends it only if one of these tenants has made it for itself. Default: whoever has made it. */
  readonly asTenants?: readonly Identifier[];
}

/** There is no such pause, or it is not the caller's to end. */
export interface PauseNotFound {
  readonly kind: "PauseNotFound";
}

/** Which pauses to list. */
export interface PausesQuery {
  /** Only those that concern one of these tenants. Default: all. */
  readonly tenantIds?: readonly Identifier[];
}

interface ChangePausesParts {
  readonly pauses: Pauses;
  readonly known: Pick<KnownPauses, "reread">;
  readonly clock: Clock;
}

export function createChangePauses({ pauses, known, clock }: ChangePausesParts) {
  /** The change is stored: where it cannot be read now, it is read within a second. */
  function noticed<T>(value: T): ResultAsync<T, never> {
    return known
      .reread()
      .map(() => value)
      .orElse(() => ok(value));
  }

  function store(pause: Pause): ResultAsync<Pause, Unavailable> {
    return pauses.add(pause).andThen(() => noticed(pause));
  }

  function remove(pause: Pause): ResultAsync<Pause, PauseNotFound | Unavailable> {
    return pauses.remove(pause.id).andThen((was) => (was ? noticed(pause) : err(notFound)));
  }

  function active(): ResultAsync<readonly Pause[], Unavailable> {
    return pauses.list().map((all) => all.filter((pause) => !hasEnded(pause, clock.now())));
  }

  return {
    pause(command: PauseCommand): ResultAsync<Pause, InvalidCommand | Unavailable> {
      const at = clock.now();
      const problems = brokenRules(pauseRules, { ...command, now: at });
      if (problems.length > 0) return errAsync({ kind: "InvalidCommand", problems });
      const { until, reason, by } = command;
      const target = targetOf(command);
      return store({ ...target, id: pauseIdOf(target), ...(until && { until }), reason, by, at });
    },
    resume: ({ id, asTenants }: ResumeCommand): ResultAsync<Pause, PauseNotFound | Unavailable> =>
      pauses
        .find(id)
        .andThen((pause) =>
          pause && !hasEnded(pause, clock.now()) && isTheirs(pause, asTenants) ? remove(pause) : errAsync(notFound),
        ),
    list: ({ tenantIds }: PausesQuery = {}): ResultAsync<readonly Pause[], Unavailable> =>
      active().map((all) =>
        all
          .filter(({ tenantId }) => !tenantIds || (tenantId !== undefined && tenantIds.includes(tenantId)))
          .toSorted((a, b) => b.at.getTime() - a.at.getTime()),
      ),
    /** Stores a pause that WhatsApp has reported, unless a later report is known. */
    store(pause: Pause): ResultAsync<unknown, Unavailable> {
      return pauses.find(pause.id).andThen((known) => (known && known.at > pause.at ? okAsync(known) : store(pause)));
    },
    /** Removes a pause that WhatsApp has reported to have ended at a time, unless a later one is known. */
    end(id: string, at: Date): ResultAsync<unknown, Unavailable> {
      return pauses
        .find(id)
        .andThen((known) => (known && known.at <= at ? pauses.remove(id).andThen(noticed) : okAsync(undefined)));
    },
  };
}

function isTheirs({ owner, tenantId }: Pause, tenants: readonly Identifier[] | undefined): boolean {
  return !tenants || (owner === "tenant" && tenantId !== undefined && tenants.includes(tenantId));
}

const notFound: PauseNotFound = { kind: "PauseNotFound" };

export type ChangePauses = ReturnType<typeof createChangePauses>;
