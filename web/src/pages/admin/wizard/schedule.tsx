import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { ChoiceList } from '../../../ui/choice-list';
import { DateTimeField, TextField } from '../../../ui/field';
import { SummaryList } from '../../../ui/summary-list';
import type { Window } from '../election/draft';
import { today } from '../session';
import { at, dayOf, deadlines, earlyVoting, isDay, plusDays, totalSeconds, votingDay, votingDayOf } from './dates';
import { NumberField, replaced, type StepProps, without } from './inputs';
import { profileOf } from './profiles';

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();
const MINUTE = 60;

/** When voting takes place: from the law, or by hand with a reason. */
export function ScheduleStep({ draft, change, error }: StepProps): JSX.Element {
  const t = useText(texts);
  const profile = profileOf(draft.profile.id);
  const { schedule } = draft;
  const legalDay = votingDayOf(schedule.windows);
  const offered = profile?.residentSchedule === true;
  // A reason that was given stays in sight, also where the dates are those of the law.
  const [byHand, setByHand] = useState(!offered || legalDay === null || schedule.override_reason !== null);
  const set = (changed: Partial<typeof schedule>): void => change({ ...draft, schedule: { ...schedule, ...changed } });
  return (
    <>
      {offered && (
        <ChoiceList
          legend={t('schedule.how')}
          options={[
            { value: 'law', label: t('schedule.law'), detail: t('schedule.law.detail') },
            { value: 'hand', label: t('schedule.hand'), detail: t('schedule.hand.detail') },
          ]}
          value={byHand ? 'hand' : 'law'}
          onChange={(how) => {
            setByHand(how === 'hand');
            if (how === 'law') set({ ...(legalDay === null ? { windows: earlyVoting(votingDay(today())) } : {}), override_reason: null });
          }}
        />
      )}
      {byHand || legalDay === null ? <WindowsByHand windows={schedule.windows} onChange={(windows) => set({ windows })} error={error} /> : <ByLaw day={legalDay} onChange={(windows) => set({ windows, override_reason: null })} />}
      {byHand && (
        <TextField
          id="schedule.override_reason"
          label={t('schedule.reason')}
          hint={t('schedule.reason.hint')}
          optional={!offered}
          value={schedule.override_reason ?? ''}
          onInput={(reason) => set({ override_reason: reason === '' ? null : reason })}
          error={error('schedule.override_reason')}
        />
      )}
      <NumberField id="schedule.grace_seconds" label={t('schedule.grace')} hint={t('schedule.grace.hint')} suffix={t('schedule.minutes')} value={Math.round(schedule.grace_seconds / MINUTE)} onChange={(minutes) => set({ grace_seconds: minutes * MINUTE })} error={error('schedule.grace_seconds')} />
    </>
  );
}

/** Everything follows from the day of the proposal. */
function ByLaw({ day, onChange }: { day: string; onChange: (windows: Window[]) => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const [proposed, setProposed] = useState('');
  const dates = deadlines(day);
  const date = (which: string): string => format.date(`${which}T12:00:00+09:00`);
  const rows = [
    { key: 'roll', label: t('schedule.roll'), value: t('schedule.roll.value', { from: date(dates.roll), to: date(dates.rollDone) }) },
    { key: 'campaign', label: t('schedule.campaign'), value: t('schedule.from-to', { from: date(dates.campaignFrom), to: date(dates.campaignTo) }) },
    ...earlyVoting(day).map(({ opens, closes }, index) => ({ key: `window ${String(index)}`, label: t('schedule.online', { n: index + 1 }), value: t('schedule.window', { date: format.date(instant(opens)), from: format.time(instant(opens)), to: format.time(instant(closes)) }) })),
    { key: 'voting', label: t('schedule.voting-day'), value: date(dates.voting) },
    { key: 'dispute', label: t('schedule.dispute'), value: t('schedule.until', { to: date(dates.disputeUntil) }) },
  ];
  return (
    <>
      <TextField
        id="proposed"
        type="date"
        label={t('schedule.proposed')}
        hint={t('schedule.proposed.hint')}
        optional
        size={14}
        value={proposed}
        onInput={(value) => {
          setProposed(value);
          if (isDay(value)) onChange(earlyVoting(votingDay(value)));
        }}
      />
      <SummaryList rows={rows} />
      <p class="small soft">{t('schedule.law.note')}</p>
    </>
  );
}

function WindowsByHand({ windows, onChange, error }: { windows: readonly Window[]; onChange: (windows: Window[]) => void; error: StepProps['error'] }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const seconds = (text: string, before: number): number => (text === '' ? before : Math.floor(Date.parse(text) / 1000));
  const add = (): void => {
    const last = windows.at(-1);
    const day = plusDays(last === undefined ? today() : dayOf(last.closes), 1);
    onChange([...windows, { opens: at(day, 6), closes: at(day, 18) }]);
  };
  return (
    <div class="stack" id="schedule.windows" tabIndex={-1}>
      {windows.map((window, index) => (
        <fieldset key={index} class="card wizard-window">
          <legend class="visually-hidden">{t('schedule.window.title', { n: index + 1 })}</legend>
          <DateTimeField id={`schedule.windows[${index}].opens`} label={t('schedule.opens')} value={instant(window.opens)} onChange={(text) => onChange(replaced(windows, index, { ...window, opens: seconds(text, window.opens) }))} error={error(`schedule.windows[${index}].opens`)} />
          <DateTimeField id={`schedule.windows[${index}].closes`} label={t('schedule.closes')} value={instant(window.closes)} onChange={(text) => onChange(replaced(windows, index, { ...window, closes: seconds(text, window.closes) }))} error={error(`schedule.windows[${index}].closes`)} />
          {windows.length > 1 && (
            <Button kind="quiet" size="small" icon="cross" aria-label={t('schedule.window.remove', { n: index + 1 })} onClick={() => onChange(without(windows, index))}>
              {t('remove')}
            </Button>
          )}
        </fieldset>
      ))}
      <div class="row row-apart">
        <Button size="small" icon="plus" onClick={add}>
          {t('schedule.window.add')}
        </Button>
        <p class="soft numeric">{t('schedule.total', { time: format.duration(totalSeconds(windows)) })}</p>
      </div>
    </div>
  );
}
