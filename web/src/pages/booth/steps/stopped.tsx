import type { JSX } from 'preact';
import { booth as texts } from '../../../i18n/booth';
import { useFormat, useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import type { Stop, State } from '../core/machine';
import type { Booth } from '../core/run';
import { Screen } from '../frame';

/** Where the booth goes no further: why, and what the voter can do. */
const KIND: Record<Stop['why'], 'info' | 'warning' | 'danger'> = {
  'not-found': 'warning',
  'bad-link': 'warning',
  'other-election': 'danger',
  'too-old': 'warning',
  unreachable: 'warning',
  void: 'warning',
  'already-voted': 'info',
  'on-paper': 'info',
  revoked: 'warning',
  'session-over': 'warning',
  'no-credential': 'warning',
  'other-voter': 'warning',
  'stale-counter': 'warning',
  before: 'info',
  pause: 'info',
  closed: 'info',
  'bad-record': 'danger',
  failed: 'danger',
};

/** Reasons that may pass, so that trying again makes sense. */
const PASSING = new Set<Stop['why']>(['unreachable', 'before', 'pause', 'session-over', 'bad-link', 'other-voter', 'stale-counter', 'failed', 'no-credential', 'revoked']);

export function StoppedStep({ booth, state, stop, home }: { booth: Booth; state: State; stop: Stop; home: string }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const when = (seconds: number): string => format.dateTime(new Date(seconds * 1000));
  const late = stop.why === 'before' && stop.opens <= booth.now();
  const body = (): string => {
    switch (stop.why) {
      case 'before':
        return late ? t('stop.before.late') : t('stop.before.body', { when: when(stop.opens) });
      case 'pause':
        return t('stop.pause.body', { when: when(stop.opens) });
      case 'closed':
        return t('stop.closed.body', { when: when(stop.closed) });
      case 'session-over':
        return stop.earlier ? t('stop.session-over.earlier') : t('stop.session-over.body');
      case 'unreachable':
        return stop.unsettled ? t('stop.unreachable.unsettled') : t('stop.unreachable.body');
      default:
        return t(`stop.${stop.why}.body`);
    }
  };
  const again = stop.why === 'session-over' ? t('stop.session-over.again') : stop.why === 'bad-link' ? t('stop.bad-link.again') : t('stop.again');
  return (
    <Screen state={state} step={`stopped-${stop.why}`} title={t(`stop.${stop.why}.title`)}>
      {stop.cast === false && (
        <Notice kind="warning" title={notCast(t, stop)}>
          {!stop.earlier && <p>{t('stop.not-cast')}</p>}
        </Notice>
      )}
      <Notice kind={KIND[stop.why]} live="status">
        <p>{body()}</p>
        {(stop.why === 'failed' || stop.why === 'bad-record') && (
          <p>
            <code>{stop.detail}</code>
          </p>
        )}
      </Notice>
      <div class="row">
        {PASSING.has(stop.why) && (
          <Button kind="primary" onClick={() => booth.dispatch({ event: 'again' })}>
            {again}
          </Button>
        )}
        {stop.why === 'already-voted' && (
          <ButtonLink kind="primary" to={`${home}check`}>
            {t('stop.check')}
          </ButtonLink>
        )}
        {stop.why !== 'other-election' && stop.why !== 'not-found' && <ButtonLink to={home}>{t('home')}</ButtonLink>}
      </div>
    </Screen>
  );
}

/** What the refused ballot leaves its voter with: an earlier vote, another try, or neither. */
function notCast(t: ReturnType<typeof useText<(typeof texts)['ko']>>, stop: Stop): string {
  if (stop.earlier) return t('stop.not-cast.earlier');
  return PASSING.has(stop.why) ? t('not-yet') : t('stop.not-cast.over');
}
