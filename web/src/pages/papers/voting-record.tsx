import type { JSX } from 'preact';
import { papers as texts } from '../../i18n/papers';
import { useFormat, usePick, useText } from '../../i18n';
import type { TurnoutHistory } from '../booth/core/server';
import { listed } from '../home/course';
import { cutPercent } from '../home/figures';
import type { Facts as Known } from './core/gather';
import { type Happening, storyOf } from './core/story';
import { Facts, Figures, Part, useMoment, useWhen } from './sheet';
import { RecordPart, RemarksPart, TurnoutPart } from './shared';

/** The online voting record: how voting was prepared and conducted. */
export function VotingRecord({ facts, remarks }: { facts: Known; remarks: string }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const moment = useMoment();
  const when = useWhen();
  const { manifest } = facts;
  const story = storyOf(facts.events, facts.timeline);
  const or = (found: Parameters<typeof moment>[0] | null): string => (found === null ? t('times.not-yet') : moment(found));
  return (
    <>
      <Part title={t('election')}>
        <Facts
          rows={[
            { label: t('election.title'), value: pick(manifest.title) },
            { label: t('election.basis'), value: pick(manifest.profile.basis) },
            { label: t('election.question'), value: <Lines lines={manifest.contests.map(({ title }) => pick(title))} /> },
            { label: t('election.method'), value: t('election.method.online') },
            { label: t('election.revoting'), value: manifest.revoting ? t('election.revoting.yes') : t('election.revoting.no') },
            { label: t('election.windows'), value: <Lines lines={manifest.windows.map(({ opens, closes }) => t('election.window', { from: when(opens * 1000), to: when(closes * 1000) }))} /> },
            manifest.override_reason === null ? null : { label: t('election.override'), value: manifest.override_reason },
          ]}
        />
      </Part>
      <Part title={t('preparation')}>
        <Facts
          rows={[
            { label: t('preparation.authorities'), value: format.list(manifest.authorities.map(({ name }) => name)) },
            { label: t('preparation.trustees'), value: t('preparation.trustees.value', { names: format.list(manifest.trustees.map(({ name }) => name)), n: manifest.trustees.length, quorum: manifest.quorum }) },
            { label: t('preparation.key'), value: <Lines lines={[or(story.jointKey), ...(story.attempt === null ? [] : [t('preparation.key.value', { attempt: story.attempt })])]} /> },
            { label: t('preparation.drill'), value: t('preparation.drill.value', { n: story.drilled.length }) },
            { label: t('preparation.seal'), value: or(story.sealed) },
          ]}
        />
      </Part>
      <Part title={t('times')}>
        <Facts rows={[{ label: t('times.opened'), value: or(story.opened) }, { label: t('times.closes'), value: when(story.closes ?? Math.max(...manifest.windows.map(({ closes }) => closes)) * 1000) }, { label: t('times.closed'), value: or(story.closed) }]} />
      </Part>
      <TurnoutPart facts={facts} ended={story.closed !== null} />
      {facts.history !== null && <CoursePart history={facts.history} />}
      <Part title={t('changes')}>
        <Facts rows={(['revoked', 'reissued', 'struck'] as const).map((one) => ({ label: t(`changes.${one}`), value: t('changes.count', { n: story[one] }) }))} />
      </Part>
      <Happenings happenings={story.happenings} />
      <RemarksPart text={remarks} />
      <RecordPart facts={facts} />
    </>
  );
}

/** Online voters by the hour, as the server noted them. */
function CoursePart({ history: { points, electorate } }: { history: TurnoutHistory }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const columns = [{ label: t('course.when') }, { label: t('course.voted'), numeric: true }, { label: t('course.share'), numeric: true }];
  const rows = listed(points).map(({ at, counted }) => [`${format.dateTime(new Date(at * 1000))}†`, format.number(counted), `${format.number(cutPercent(counted, electorate))}%`]);
  return (
    <Part title={t('course')}>
      <Figures caption={t('course')} columns={columns} rows={rows} />
    </Part>
  );
}

const Lines = ({ lines }: { lines: readonly string[] }): JSX.Element => (
  <>
    {lines.map((line, index) => (
      <span key={index} class="paper-line">
        {line}
      </span>
    ))}
  </>
);

/** What happened that was not planned, as the signed entries tell it. */
function Happenings({ happenings }: { happenings: readonly Happening[] }): JSX.Element {
  const t = useText(texts);
  const when = useWhen();
  const what = ({ kind, stated }: Happening): string => (kind === 're-dating' ? t('happening.re-dating', { when: stated === null ? '' : when(stated) }) : t(`happening.${kind}`));
  const columns = (['entry', 'what', 'when', 'reason'] as const).map((one) => ({ label: t(`happenings.${one}`) }));
  return (
    <Part title={t('happenings')}>
      {happenings.length === 0 ? (
        <p>{t('happenings.none')}</p>
      ) : (
        <Figures caption={t('happenings')} columns={columns} rows={happenings.map((one) => [String(one.entry), what(one), one.placed === null ? '' : `${when(one.placed)}†`, one.reason ?? ''])} />
      )}
    </Part>
  );
}
