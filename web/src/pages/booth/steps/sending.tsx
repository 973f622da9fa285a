import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { booth as texts } from '../../../i18n/booth';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { Progress } from '../../../ui/progress';
import type { Stage, State } from '../core/machine';
import type { Booth } from '../core/run';
import { NotYet, Screen } from '../frame';
import { saveFile, useCountdown, useEverySecond, useOnline } from '../hooks';
import { plain } from './submit';

type Sending = Extract<Stage, { at: 'sending' | 'settling' | 'recording' | 'waiting' | 'unproven' }>;

/** From pressing the button until the receipt is verified. Never says that the vote is recorded. */
export function SendingStep({ booth, state, stage }: { booth: Booth; state: State; stage: Sending }): JSX.Element {
  useEffect(() => {
    // Leaving now would leave the voter in doubt; the browser asks.
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  switch (stage.at) {
    case 'sending':
      return <SendingScreen state={state} />;
    case 'settling':
      return <Settling booth={booth} state={state} tries={stage.tries} />;
    case 'recording':
      return <Recording booth={booth} state={state} deadline={stage.deadline} />;
    case 'waiting':
      return <Waiting booth={booth} state={state} stage={stage} />;
    case 'unproven':
      return <Unproven booth={booth} state={state} stage={stage} />;
  }
}

/** The code that settles everything, on each of these screens. */
function Code({ state }: { state: State }): JSX.Element {
  const t = useText(texts);
  return (
    <section class="card stack booth-code">
      <h2>{t('submit.code')}</h2>
      <Hash value={plain(state.pending?.code)} large />
    </section>
  );
}

function SendingScreen({ state }: { state: State }): JSX.Element {
  const t = useText(texts);
  return (
    <Screen state={state} step="sending" title={t('sending.title')} lead={t('sending.body')}>
      <Progress label={t('sending.title')} />
      <Code state={state} />
    </Screen>
  );
}

/** Looks without an answer after which the voter is told to ask for help. */
const MANY = 4;

function Settling({ booth, state, tries }: { booth: Booth; state: State; tries: number }): JSX.Element {
  const t = useText(texts);
  const online = useOnline();
  return (
    <Screen state={state} step="settling" title={t('settling.title')} lead={t('settling.body')}>
      <Progress label={t('settling.title')} />
      {!online && (
        <Notice kind="warning" live="status">
          <p>{t('settling.offline')}</p>
        </Notice>
      )}
      {online && tries >= MANY && (
        <Notice kind="warning" live="status">
          <p>{t('settling.long')}</p>
        </Notice>
      )}
      <Code state={state} />
      <Actions>
        <Button onClick={() => booth.dispatch({ event: 'retry' })}>{t('settling.now')}</Button>
      </Actions>
    </Screen>
  );
}

/** Beyond this the time of day alone would mislead, in seconds. */
const HALF_A_DAY = 12 * 3600;

function Recording({ booth, state, deadline }: { booth: Booth; state: State; deadline: number | null }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const broken = useEverySecond(() => deadline !== null && deadline > 0 && booth.now() > deadline);
  // Its own time besides: both the deadline and the server's clock are the server's word.
  const slow = useEverySecond(() => state.alarm !== null && performance.now() >= state.alarm);
  const late = broken || slow;
  const due = (seconds: number): string => (seconds - booth.now() > HALF_A_DAY ? format.dateTime(new Date(seconds * 1000)) : format.clock(new Date(seconds * 1000)));
  return (
    <Screen state={state} step="recording" title={t('recording.title')} lead={deadline === null ? t('recording.known') : t('recording.body')}>
      <Progress label={t('recording.title')} detail={deadline === null || deadline === 0 ? undefined : t('recording.deadline', { when: due(deadline) })} />
      {late && (
        <Notice kind="danger" live="alert">
          <p>{broken ? t('recording.late') : t('recording.slow')}</p>
        </Notice>
      )}
      <Code state={state} />
      {late && (
        <Actions>
          <Button onClick={() => booth.dispatch({ event: 'retry' })}>{t('settling.now')}</Button>
        </Actions>
      )}
    </Screen>
  );
}

function Waiting({ booth, state, stage }: { booth: Booth; state: State; stage: Extract<Stage, { at: 'waiting' }> }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const left = useCountdown(stage.seconds, stage);
  const [title, body] =
    stage.reason === 'busy' ? [t('waiting.title'), t('waiting.body')] : stage.reason === 'stopped' ? [t('waiting.stopped.title'), t('waiting.stopped.body')] : [t('waiting.cannot-write.title'), t('waiting.cannot-write.body')];
  return (
    <Screen state={state} step={`waiting-${stage.reason}`} title={title} lead={body}>
      {state.doubt ? (
        <Notice kind="warning" title={t('waiting.doubt')}>
          <p>{t('waiting.doubt.body')}</p>
        </Notice>
      ) : (
        <NotYet state={state} />
      )}
      {stage.ahead !== null && stage.ahead > 0 && <p class="booth-ahead numeric">{t('waiting.ahead', { n: stage.ahead })}</p>}
      <Progress label={t('waiting.next', { left: format.duration(left) })} value={stage.seconds - left} max={Math.max(1, stage.seconds)} />
      <Code state={state} />
      <Actions>
        <Button onClick={() => booth.dispatch({ event: 'retry' })}>{t('waiting.now')}</Button>
      </Actions>
    </Screen>
  );
}

function Unproven({ booth, state, stage }: { booth: Booth; state: State; stage: Extract<Stage, { at: 'unproven' }> }): JSX.Element {
  const t = useText(texts);
  return (
    <Screen state={state} step="unproven" title={t('unproven.title')}>
      <Notice kind="danger" live="alert" title={stage.what === 'receipt' ? t('unproven.receipt') : t('unproven.acknowledgement')}>
        <p>{t('unproven.do')}</p>
        <p>
          <code>{stage.detail}</code>
        </p>
      </Notice>
      <Code state={state} />
      <Actions>
        <Button kind="primary" icon="download" onClick={() => saveFile(`hanpyo-${stage.what}-${plain(state.pending?.code).slice(0, 8)}`, stage.evidence, 'application/octet-stream')}>
          {t('unproven.save')}
        </Button>
        <Button onClick={() => booth.dispatch({ event: 'retry' })}>{t('settling.now')}</Button>
      </Actions>
    </Screen>
  );
}

const Actions = ({ children }: { children: ComponentChildren }): JSX.Element => <div class="row">{children}</div>;
