/** Where an authority stands, from what the program says: nothing is remembered here. */
import type { AuthorityView } from '../../local/messages';

export const STEPS = ['file', 'board', 'issue', 'upload', 'changes'] as const;
export type StepName = (typeof STEPS)[number];

export type Screen = 'create' | 'open' | 'connect' | 'compare' | 'key' | 'issue' | 'upload' | 'changes' | 'over';

/** The screen to show; `agreed`: the person has compared the fingerprint. */
export function screenOf(view: AuthorityView, agreed: boolean): Screen {
  const { secret, board } = view;
  if (secret.state === 'missing') return 'create';
  if (secret.state === 'closed') return 'open';
  if (!board?.election) return 'connect';
  if (!agreed || board.election.number === null) return 'compare';
  switch (board.phase) {
    case 'empty':
    case 'ceremony':
    case 'drill':
    case 'unusable':
      return 'key';
    case 'roll':
      return view.issued === null ? 'issue' : 'upload';
    case 'sealed':
    case 'open':
      return 'changes';
    default:
      return 'over';
  }
}

const STEP: Readonly<Record<Screen, StepName>> = { create: 'file', open: 'file', connect: 'board', compare: 'board', key: 'issue', issue: 'issue', upload: 'upload', changes: 'changes', over: 'changes' };

export const stepOf = (screen: Screen): StepName => STEP[screen];
