/** A place on the map. */
export interface Location {
  /** Degrees, −90 to 90. */
  readonly latitude: number | string;
  /** Degrees, −180 to 180. */
  readonly longitude: number | string;
  readonly name?: string;
  /** Shown only together with a name. */
  readonly address?: string;
}
