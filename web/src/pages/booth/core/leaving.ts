/** What is lost by leaving the booth now. */
import type { State } from './machine';
import { isEmpty } from './marks';

/** Marks that are nowhere else, or the certainty that a ballot arrived; null where nothing is lost. */
export function lossOf({ stage, marks }: State): 'marks' | 'sending' | null {
  switch (stage.at) {
    // Marks of before a crash.
    case 'voting-code':
    case 'mark':
    case 'review':
    case 'encrypting':
    case 'submit':
    case 'challenged':
      return Object.values(marks).some((mark) => !isEmpty(mark)) ? 'marks' : null;
    case 'sending':
    case 'settling':
    case 'waiting':
    case 'recording':
    case 'unproven':
      return 'sending';
    default:
      return null;
  }
}
