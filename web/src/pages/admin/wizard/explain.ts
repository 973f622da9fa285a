/** Problems of a draft in words: a place in the draft (the server's or `check`'s) and what stands there give the text. */
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import type { Translate } from '../../../i18n';
import type { FormError } from '../../../ui/error-summary';
import type { ElectionView } from '../election/frame';
import type { Draft } from '../election/draft';
import { check } from './check';

export const STEPS = ['basics', 'schedule', 'contests', 'districts', 'officers', 'review'] as const;
export type Step = (typeof STEPS)[number];
export const isStep = (value: string | undefined): value is Step => STEPS.some((step) => step === value);

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

export interface Finding extends FormError {
  /** The id of the field, which is its place in the draft. */
  field: string;
  step: Step;
}

function say(t: Say, draft: Draft, place: string, reason: string): string {
  const value = valueAt(draft, place);
  const empty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || (typeof value === 'number' && Number.isNaN(value));
  if (/\.(?:key|tally)$/.test(place)) return empty ? t('problem.key.missing') : /^\s*[0-9a-f]{64}\s*$/i.test(typeof value === 'string' ? value : '') ? t('problem.key.same') : t('problem.key');
  if (/\.options\[\d+\]\.ko$/.test(place) && !empty) return t('problem.same-option');
  if (/\.(?:ko|en|name)$/.test(place)) return empty ? t('problem.missing') : t('problem.long');
  if (/^schedule\.windows\[\d+\]\.closes$/.test(place)) return t('problem.window.empty');
  if (/^schedule\.windows\[\d+\]\.opens$/.test(place)) return t('problem.window.order');
  if (place === 'schedule.override_reason') return t('problem.override');
  if (place === 'schedule.windows') return t('problem.windows');
  if (place === 'schedule.grace_seconds') return t('problem.grace');
  if (/^contests\[\d+\]\.kind$/.test(place)) return t('problem.kind');
  if (/^contests\[\d+\]\.options$/.test(place)) return t('problem.options');
  if (/^contests\[\d+\]\.rule$/.test(place)) return t('problem.rule');
  if (/^contests\[\d+\]\.seats$/.test(place)) return t('problem.seats');
  if (place === 'contests') return t('problem.contests');
  if (place === 'styles') return t('problem.styles');
  if (/^styles\[\d+\]\.contests$/.test(place)) return t('problem.style');
  if (place === 'units') return t('problem.units');
  if (/^units\[\d+\]\.parent$/.test(place)) return t('problem.parent');
  if (place === 'counting.floor') return t('problem.floor');
  if (place === 'counting.revoting') return t('problem.revoting');
  if (place === 'roles.trustees') return t('problem.trustees');
  if (place === 'roles.authorities') return t('problem.authorities');
  if (place === 'roles.quorum') return t('problem.quorum');
  if (place.startsWith('witnesses')) return t('problem.witnesses', { reason });
  return t('problem.other', { place, reason });
}

/** The field of a page that shows a place: options are shown by their Korean text. */
const fieldOf = (place: string): string => (/\.options\[\d+\]$/.test(place) ? `${place}.ko` : place);

/** All that is wrong with a draft as it stands on the page; `known` is what the server said of the version it was made from. */
export function findings(t: Say, draft: Draft, known: ElectionView['problems'] = []): Finding[] {
  const found = new Map<string, string>();
  for (const { field, reason } of known) if (!found.has(fieldOf(field))) found.set(fieldOf(field), reason);
  for (const place of check(draft)) if (!found.has(place)) found.set(place, '');
  return [...found].map(([field, reason]) => ({ field, step: stepOf(field), message: say(t, draft, field, reason) }));
}
