-- What the system of a process calls it. NULL where the system does not tell.
ALTER TABLE processes
  -- The running system and its namespaces, within which the others tell one process from another.
  ADD COLUMN machine text,
  ADD COLUMN pid integer,
  -- When it began, in clock ticks since the system was booted: a process id is used again.
  ADD COLUMN started_ticks bigint,
  -- Whether it is known to have been killed.
  ADD COLUMN has_died boolean NOT NULL DEFAULT false;
