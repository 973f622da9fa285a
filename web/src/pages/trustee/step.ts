/** Where a trustee stands, from what the program says: nothing is remembered here. */
import type { TrusteeView } from '../../local/messages';

export const STEPS = ['file', 'board', 'ceremony', 'drill', 'voting', 'decrypt'] as const;
export type StepName = (typeof STEPS)[number];

export type Screen = 'create' | 'open' | 'connect' | 'preflight' | 'ceremony' | 'drill' | 'voting' | 'decrypt' | 'ask' | 'over' | 'void' | 'unusable';

/** The screen to show; `agreed`: the person has compared the fingerprint. */
export function screenOf(view: TrusteeView, agreed: boolean): Screen {
  const { secret, board, preflight } = view;
  if (view.decryption !== null) return 'ask';
  if (secret.state === 'missing') return 'create';
  if (secret.state === 'closed') return 'open';
  if (!board?.election) return 'connect';
  if (preflight === null || !agreed || preflight.some(({ outcome }) => outcome === 'fail')) return 'preflight';
  switch (board.phase) {
    case 'void':
    case 'unusable':
      return board.phase;
    case 'finished':
      return 'over';
    case 'empty':
    case 'ceremony':
      return 'ceremony';
    default:
      // The joint key is there, but this file has not taken the last step.
      if (!view.has_share) return 'ceremony';
      if (board.phase === 'drill') return 'drill';
      return board.phase === 'closed' || board.phase === 'tally' ? 'decrypt' : 'voting';
  }
}

/** The step that a screen belongs to. */
export function stepOf(screen: Screen, view: TrusteeView): StepName {
  switch (screen) {
    case 'create':
      return 'file';
    case 'open':
      // After the ceremony the file is opened once more.
      return view.secret.must_reopen && view.ceremony !== null ? 'ceremony' : 'file';
    case 'connect':
    case 'preflight':
    case 'unusable':
      return 'board';
    case 'ceremony':
    case 'drill':
    case 'voting':
      return screen;
    default:
      return 'decrypt';
  }
}
