import { shareOf } from '../home/figures';
import type { JSX } from 'preact';
import { papers as texts } from '../../i18n/papers';
import { useFormat, usePick, useText } from '../../i18n';
import type { Contest, ContestResult } from '../../wasm/messages';
import { COLUMNS, type Count, countOf, parts } from './core/count';
import type { Facts as Known } from './core/gather';
import { storyOf } from './core/story';
import type { Fields } from './fields';
import { Facts, Figures, Part, useMoment } from './sheet';
import { RecordPart, RemarksPart, TurnoutPart } from './shared';

/** The count sheet: how the votes were counted, and every contest's figures and outcome. */
export function CountSheet({ facts, fields }: { facts: Known; fields: Fields }): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const moment = useMoment();
  const { manifest, results } = facts;
  const story = storyOf(facts.events, facts.timeline);
  const or = (found: Parameters<typeof moment>[0] | null): string => (found === null ? t('times.not-yet') : moment(found));
  const trustee = (number: number): string => manifest.trustees[number - 1]?.name ?? String(number);
  return (
    <>
      <Part title={t('count')}>
        <Facts
          rows={[
            { label: t('election.title'), value: pick(manifest.title) },
            { label: t('count.place'), value: fields.place },
            { label: t('times.closed'), value: or(story.closed) },
            { label: t('count.tallied'), value: or(story.tallied) },
            {
              label: t('count.decrypted'),
              value: story.decrypted.map(({ trustee: number, last }) => (
                <span key={number} class="paper-line">
                  {t('count.decrypted.one', { name: trustee(number), moment: moment(last) })}
                </span>
              )),
            },
            { label: t('count.result'), value: or(story.result) },
          ]}
        />
      </Part>
      <TurnoutPart facts={facts} ended />
      {manifest.contests.map((contest, number) => {
        const result = results.contests[number];
        return result === undefined ? null : <ContestPart key={number} number={number} contest={contest} result={result} facts={facts} />;
      })}
      {results.paper > 0 && <p class="paper-note">{t('paper.note', { n: results.paper })}</p>}
      <RemarksPart text={fields.remarks} />
      <RecordPart facts={facts} />
    </>
  );
}

function ContestPart({ number, contest, result, facts }: { number: number; contest: Contest; result: ContestResult; facts: Known }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const winners = result.winners.flatMap((option) => contest.options[option] ?? []).map(pick);
  const count = countOf(contest, result);
  return (
    <Part title={t('contest', { n: number + 1, title: pick(contest.title) })}>
      <Facts
        rows={[
          { label: t('contest.rule'), value: t(`rule.${contest.decision}`) },
          result.status === null ? null : { label: t('contest.outcome'), value: <strong>{t(`outcome.${result.status}`, { winners: format.list(winners) })}</strong> },
        ]}
      />
      {count !== null && (
        <>
          <Options contest={contest} count={count} winners={result.winners} />
          {contest.rules.kind === 'choose_one' && contest.rules.blank && <p class="paper-note">{t('blank.note')}</p>}
          {count.ranks !== null && <Ranks contest={contest} ranks={count.ranks} />}
          {count.rows.length > 1 && <Units contest={contest} count={count} facts={facts} />}
        </>
      )}
    </Part>
  );
}

/** What the rule compares, by option. */
function Options({ contest, count, winners }: { contest: Contest; count: Count; winners: readonly number[] }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const sum = count.points.reduce((all, one) => all + one, 0);
  const counts = contest.decision === 'majority' || contest.decision === 'plurality' || contest.decision === 'first_preferences';
  const points = counts ? t('option.votes') : contest.decision === 'borda' ? t('option.points') : t('option.sum');
  return (
    <Figures
      caption={t('option.votes')}
      columns={[{ label: t('option.number') }, { label: t('option.name') }, { label: points, numeric: true }, ...(counts ? [{ label: t('option.share'), numeric: true }] : []), ...(count.answered === null ? [] : [{ label: t('option.answered'), numeric: true }]), { label: t('option.result') }]}
      rows={contest.options.map((option, index) => [
        String(index + 1),
        pick(option),
        format.number(count.points[index] ?? 0),
        ...(counts ? [shareOf(format, count.points[index] ?? 0, sum)] : []),
        ...(count.answered === null ? [] : [format.number(count.answered[index] ?? 0)]),
        winners.includes(index) ? t('option.wins') : '',
      ])}
      foot={[t('total'), '', format.number(sum), ...(counts ? [''] : []), ...(count.answered === null ? [] : ['']), '']}
    />
  );
}

function Ranks({ contest, ranks }: { contest: Contest; ranks: NonNullable<Count['ranks']> }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const columns = parts(
    (ranks[0] ?? []).map((_, rank) => rank),
    COLUMNS,
  );
  return (
    <>
      <h3>{t('ranks')}</h3>
      {columns.map((shown, part) => (
        <Figures
          key={part}
          caption={t('ranks')}
          columns={[{ label: t('option.name') }, ...shown.map((rank) => ({ label: t('option.rank', { n: rank + 1 }), numeric: true }))]}
          rows={contest.options.map((option, index) => [`${String(index + 1)}. ${pick(option)}`, ...shown.map((rank) => format.number(ranks[index]?.[rank] ?? 0))])}
        />
      ))}
    </>
  );
}

/** By district; options by their numbers, so that any number of them fits the page. */
function Units({ contest, count, facts: { manifest } }: { contest: Contest; count: Count; facts: Known }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const name = (unit: number): string => pick(manifest.units[unit]?.title ?? { ko: String(unit) });
  const label = (units: readonly number[]): string => (units.length > 1 ? t('units.merged', { list: units.map(name).join(', ') }) : name(units[0] ?? 0));
  const sum = (points: readonly number[]): string => format.number(points.reduce((all, one) => all + one, 0));
  const columns = parts(
    contest.options.map((_, option) => option),
    COLUMNS,
  );
  return (
    <>
      <h3>{t('units')}</h3>
      {columns.map((shown, part) => {
        const last = part === columns.length - 1;
        const cells = (points: readonly number[]): string[] => [...shown.map((option) => format.number(points[option] ?? 0)), ...(last ? [sum(points)] : [])];
        return (
          <Figures
            key={part}
            caption={t('units')}
            columns={[{ label: t('turnout.unit') }, { label: t('units.ballots'), numeric: true }, ...shown.map((option) => ({ label: t('units.column', { n: option + 1 }), numeric: true })), ...(last ? [{ label: t('units.sum'), numeric: true }] : [])]}
            rows={count.rows.map(({ units, ballots, points }) => [label(units), format.number(ballots), ...cells(points)])}
            foot={[t('total'), format.number(count.ballots), ...cells(count.points)]}
          />
        );
      })}
      {count.rows.some(({ units }) => units.length > 1) && <p class="paper-note">{t('units.merged.why')}</p>}
    </>
  );
}
