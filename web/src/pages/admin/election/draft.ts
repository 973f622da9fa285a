/** A manifest draft as the server takes it (`ManifestDraft` in ledger/src/manifest/draft.rs; examples in docs and tests). */

export interface Text {
  ko: string;
  en: string;
}

export interface Window {
  /** Seconds since 1970-01-01 UTC. */
  opens: number;
  closes: number;
}

export type Total = { 'at-most': number } | { exactly: number };

export type Kind =
  | { type: 'choose-one'; blank: boolean }
  | { type: 'choose'; min: number; max: number }
  | { type: 'score'; max: number; total: Total | null; unanswered: boolean }
  | { type: 'rank'; min: number; max: number };

export type Rule = 'majority' | 'plurality' | 'mean' | 'borda' | 'first-preferences';

export interface Contest {
  title: Text;
  options: readonly Text[];
  kind: Kind;
  rule: Rule;
  seats: number;
}

export interface Style {
  title: Text;
  /** Numbers of contests, ascending. */
  contests: readonly number[];
}

export interface Unit {
  title: Text;
  parent: number | null;
}

export interface Officer {
  name: string;
  /** Public key in hex. */
  key: string | null;
}

export interface Draft {
  title: Text;
  notice: Text;
  /** A profile of the server by its identifier; other fields belong to profiles with a basis of their own. */
  profile: { id: string; basis?: Text; turnout_quorum?: string; count_gate?: string; voting_seconds?: number; revoting_allowed?: boolean };
  schedule: { windows: readonly Window[]; grace_seconds: number; override_reason: string | null };
  contests: readonly Contest[];
  /** Null: one style with all contests. */
  styles: readonly Style[] | null;
  units: readonly Unit[];
  counting: { floor: number; votes_computable: boolean; revoting: boolean };
  roles: { authorities: readonly Officer[]; trustees: readonly Officer[]; quorum: number | null; tally: string | null };
  witnesses: { policy: string; faulty: number } | null;
  disclosure: 'public' | 'accredited';
  assets?: string | null;
  test: boolean;
}

/** Whether an answer's draft is one: the server writes all fields, so its shape is only recognised here. */
export function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && ['title', 'notice', 'profile', 'schedule', 'contests', 'units', 'counting', 'roles'].every((field) => field in value);
}
