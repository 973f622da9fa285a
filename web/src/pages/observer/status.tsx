import type { JSX } from 'preact';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { Progress, Skeleton } from '../../ui/progress';
import { Stat, Stats } from '../../ui/stat';
import { CommandLine } from './command';
import type { Trouble, Watch, Watched } from './core/watch';

/** Milliseconds of voting without a new entry after which the visitor is asked to compare: the board may be held back here alone. */
const QUIET_MS = 600_000;

interface Props {
  watch: Watch;
  state: Watched;
  pace: number;
  command: string;
  onRestart: () => void;
}

/** Where the verification stands: the verdict so far, how far it is, how fast. */
export function Status({ watch, state, pace, command, onRestart }: Props): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const { stage, progress, shown, trouble, behind, lastRun } = state;
  return (
    <section class="stack" aria-label={t('title')}>
      {trouble !== null && <TroubleNotice trouble={trouble} onRestart={onRestart} />}
      {behind !== null && (
        <Notice kind="warning" live="status">
          <p>{t('status.behind', { n: behind.size })}</p>
        </Notice>
      )}
      {stage === 'starting' && trouble === null && <Skeleton label={t('status.starting')} lines={3} />}
      {stage === 'large' && shown !== null && (
        <Notice kind="warning" live="status" title={t('large.title', { n: shown.size })}>
          <p>{t('large.body')}</p>
          <CommandLine command={command} />
          <div class="row">
            <Button onClick={() => void watch.choose('log')}>{t('large.log')}</Button>
            <Button kind="quiet" onClick={() => void watch.choose('all')}>
              {t('large.all')}
            </Button>
          </div>
        </Notice>
      )}
      <Verdict watch={watch} state={state} onRestart={onRestart} />
      {stage === 'reading' && progress !== null && (
        <Progress label={t('status.reading')} value={progress.read} max={Math.max(progress.size, 1)} detail={`${t('status.reading.of', { of: progress.size, read: progress.read })} · ${t('status.rate', { n: Math.round(progress.ballotsPerSecond) })}`} />
      )}
      {progress !== null && state.depth === 'all' && (
        <Stats>
          <Stat label={t('status.entries')} value={format.number(progress.read)} detail={t('status.entries.of', { n: progress.size })} />
          <Stat label={t('status.ballots')} value={format.number(progress.counted)} detail={t('status.ballots.detail')} />
          <Stat
            label={t('status.speed')}
            value={t('status.speed.value', { n: Math.round(stage === 'reading' ? progress.ballotsPerSecond : lastRun === null ? 0 : (lastRun.ballots * 1000) / Math.max(lastRun.ms, 1)) })}
            detail={lastRun === null ? t('status.speed.none') : t('status.speed.run', { n: lastRun.ballots, time: format.duration(Math.max(1, lastRun.ms / 1000)) })}
          />
        </Stats>
      )}
      {shown !== null && stage === 'following' && progress?.phase === 'voting' && shown.at - shown.since > QUIET_MS && (
        <Notice kind="warning" live="status">
          <p>{t('status.quiet', { when: format.clock(new Date(shown.since)) })}</p>
        </Notice>
      )}
      {shown !== null && stage === 'following' && <p class="soft small">{t('status.looked', { when: format.clock(new Date(shown.at)), n: pace / 1000 })} {t('status.since', { when: format.clock(new Date(shown.since)) })}</p>}
    </section>
  );
}

const KINDS = { pass: 'success', incomplete: 'info', void: 'warning', fail: 'danger' } as const;

/** One sentence on everything that was verified. While entries are being read only a failure is said. */
function Verdict({ watch, state: { stage, report, depth, progress, evidence, unconfirmed }, onRestart }: { watch: Watch; state: Watched; onRestart: () => void }): JSX.Element | null {
  const t = useText(texts);
  if (report === null) return null;
  const { verdict } = report;
  if (verdict !== 'fail' && stage === 'following' && depth === 'log')
    return (
      <Notice kind="info" live="status" title={t('status.log')}>
        <p>{t('status.log.body')}</p>
        <div class="row">
          <Button size="small" onClick={() => void watch.choose('all')}>
            {t('status.log.all')}
          </Button>
        </div>
      </Notice>
    );
  if (verdict !== 'fail' && stage !== 'following') return null;
  const stopped = progress?.stopped ?? null;
  // An alarm says that there is another record: that this one is in order must not sound like all is well.
  const alone = verdict === 'fail' ? null : evidence.length > 0 ? 'alone' : unconfirmed.dropped > 0 ? 'uncompared' : null;
  return (
    <Notice kind={alone === null ? KINDS[verdict] : 'info'} live={verdict === 'fail' ? 'alert' : 'status'} title={t(`status.${alone ?? verdict}`)}>
      <p>{t(`status.${verdict}.body`)}</p>
      {stopped !== null && (
        <>
          <p>{t('status.stopped', { detail: stopped })}</p>
          <div class="row">
            <Button size="small" onClick={onRestart}>
              {t('status.restart')}
            </Button>
          </div>
        </>
      )}
    </Notice>
  );
}

function TroubleNotice({ trouble, onRestart }: { trouble: Trouble; onRestart: () => void }): JSX.Element {
  const t = useText(texts);
  if (!('detail' in trouble))
    return (
      <Notice kind="warning" live="status">
        <p>{t(`trouble.${trouble.why}`)}</p>
      </Notice>
    );
  return (
    <Notice kind="danger" live="alert" title={t(`trouble.${trouble.why}.title`)}>
      {trouble.why === 'not-signed' && <p>{t('trouble.not-signed')}</p>}
      <p>
        <code lang="en">{trouble.detail}</code>
      </p>
      {trouble.why === 'failed' && (
        <div class="row">
          <Button size="small" onClick={onRestart}>
            {t('status.restart')}
          </Button>
        </div>
      )}
    </Notice>
  );
}
