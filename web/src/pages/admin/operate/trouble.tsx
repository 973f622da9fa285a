import type { JSX } from 'preact';
import { type ApiError, Problem } from '../../../api/problem';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import { sayReason } from './core/reasons';

/** Problems that have words of their own here; others are shown as the server says them. */
const KNOWN = [
  'not-found',
  'forbidden',
  'two-persons',
  'wrong-phase',
  'roll-sealed',
  'roll-assigned',
  'roll-open',
  'roll-not-assigned',
  'roll-busy',
  'roll-changed',
  'roll-differs',
  'voter-exists',
  'no-credential',
  'has-ballot',
  'not-reissuable',
  'request-open',
  'decided',
  'not-signed',
  'messages-running',
  'still-voting',
  'not-approved',
  'cannot-write',
  'ledger-stopped',
  'check-failed',
  'invalid-file',
  'too-many-requests',
] as const;

const isKnown = (code: string): code is (typeof KNOWN)[number] => (KNOWN as readonly string[]).includes(code);

/** What went wrong, in words; with `onAgain`, how to try again. */
export function Trouble({ error, onAgain }: { error: ApiError | null; onAgain?: () => void }): JSX.Element | null {
  const t = useText(texts);
  if (error === null) return null;
  const problem = error instanceof Problem ? error : null;
  const title = problem === null ? t(error.name === 'NoAnswer' ? 'trouble.no-answer' : 'trouble.strange') : isKnown(problem.code) ? t(`problem.${problem.code}`) : problem.body.title;
  const fields = problem?.body.errors ?? [];
  const findings = problem?.body.findings ?? [];
  return (
    <Notice kind="danger" title={title} live="alert">
      {problem?.body.detail !== undefined && problem.body.detail !== null && <p class="small">{sayReason(t, problem.body.detail)}</p>}
      {fields.length > 0 && (
        <ul>
          {fields.map(({ field, reason }) => (
            <li key={`${field} ${reason}`}>
              <code>{field}</code>: {sayReason(t, reason)}
            </li>
          ))}
        </ul>
      )}
      {findings.length > 0 && (
        <ul>
          {findings.map(({ check, what, expected, found }) => (
            <li key={`${check} ${what}`}>{t('problem.finding', { check, what, expected, found })}</li>
          ))}
        </ul>
      )}
      {onAgain && (
        <div class="row">
          <Button size="small" onClick={onAgain}>
            {t('again')}
          </Button>
        </div>
      )}
    </Notice>
  );
}
