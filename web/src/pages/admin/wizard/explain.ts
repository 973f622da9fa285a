/** Problems of a draft in words: a place in the draft (the server's or `check`'s) and what stands there give the text. */
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import type { Translate } from '../../../i18n';
import type { ElectionView } from '../election/frame';
import type { Draft } from '../election/draft';
import type { Wrong } from '../wrong';
import { check } from './check';

export const STEPS = ['basics', 'schedule', 'contests', 'districts', 'officers', 'review'] as const;
export type Step = (typeof STEPS)[number];
export const isStep = (value: string | undefined): value is Step => STEPS.some((step) => step === value);

const LEAST_OPTIONS = 2;
const MOST_OPTIONS = 256;

type Say = Translate<(typeof texts)['ko']>;

/** In which step a place is written. */
export function stepOf(place: string): Step {
  const [part = ''] = place.split(/[.[]/);
  const steps: Record<string, Step> = { schedule: 'schedule', contests: 'contests', styles: 'districts', units: 'districts', counting: 'districts', roles: 'officers', witnesses: 'officers', disclosure: 'officers' };
  return steps[part] ?? 'basics';
}

/** What stands at a place, such as `contests[0].title.ko`. */
export function valueAt(draft: Draft, place: string): unknown {
  let value: unknown = draft;
  for (const part of place.split(/[.[\]]+/).filter(Boolean)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** The id of its field is the place in the draft. */
export interface Finding extends Wrong<Say> {
  step: Step;
}

function say(draft: Draft, place: string, reason: string): (t: Say) => string {
  const value = valueAt(draft, place);
  const empty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || (typeof value === 'number' && Number.isNaN(value));
  if (/\.(?:key|tally)$/.test(place)) return (t) => t(empty ? 'problem.key.missing' : /^\s*[0-9a-f]{64}\s*$/i.test(typeof value === 'string' ? value : '') ? 'problem.key.same' : 'problem.key');
  if (/\.options\[\d+\]\.ko$/.test(place) && !empty) return (t) => t('problem.same-option');
  if (/\.(?:ko|en|name)$/.test(place)) return (t) => t(empty ? 'problem.missing' : 'problem.long');
  if (/^schedule\.windows\[\d+\]\.closes$/.test(place)) return (t) => t('problem.window.empty');
  if (/^schedule\.windows\[\d+\]\.opens$/.test(place)) return (t) => t('problem.window.order');
  if (place === 'schedule.override_reason') return (t) => t('problem.override');
  if (place === 'schedule.windows') return (t) => t('problem.windows');
  if (place === 'schedule.grace_seconds') return (t) => t('problem.grace');
  if (/^contests\[\d+\]\.kind$/.test(place)) return (t) => t('problem.kind');
  // Options that are as many as they may be can only be in another order than was drawn.
  if (/^contests\[\d+\]\.options$/.test(place)) return (t) => t(Array.isArray(value) && value.length >= LEAST_OPTIONS && value.length <= MOST_OPTIONS ? 'problem.lot' : 'problem.options');
  if (/^contests\[\d+\]\.rule$/.test(place)) return (t) => t('problem.rule');
  if (/^contests\[\d+\]\.seats$/.test(place)) return (t) => t('problem.seats');
  if (place === 'contests') return (t) => t('problem.contests');
  if (place === 'styles') return (t) => t('problem.styles');
  if (/^styles\[\d+\]\.contests$/.test(place)) return (t) => t('problem.style');
  if (place === 'units') return (t) => t('problem.units');
  if (/^units\[\d+\]\.parent$/.test(place)) return (t) => t('problem.parent');
  if (place === 'counting.floor') return (t) => t('problem.floor');
  if (place === 'counting.revoting') return (t) => t('problem.revoting');
  if (place === 'roles.trustees') return (t) => t('problem.trustees');
  if (place === 'roles.authorities') return (t) => t('problem.authorities');
  if (place === 'roles.quorum') return (t) => t('problem.quorum');
  if (place.startsWith('witnesses')) return (t) => t('problem.witnesses', { reason });
  return (t) => t('problem.other', { place, reason });
}

/** The field of a page that shows a place: options are shown by their Korean text. */
const fieldOf = (place: string): string => (/\.options\[\d+\]$/.test(place) ? `${place}.ko` : place);

/** All that is wrong with a draft as it stands on the page; `known` is what the server said of the version it was made from. */
export function findings(draft: Draft, known: ElectionView['problems'] = []): Finding[] {
  const found = new Map<string, string>();
  for (const { field, reason } of known) if (!found.has(fieldOf(field))) found.set(fieldOf(field), reason);
  for (const place of check(draft)) if (!found.has(place)) found.set(place, '');
  return [...found].map(([field, reason]) => ({ field, step: stepOf(field), say: say(draft, field, reason) }));
}
