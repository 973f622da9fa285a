import type { ComponentChildren, JSX } from 'preact';
import { home as texts } from '../../i18n/home';
import { useFormat, usePick, useText } from '../../i18n';
import { BarChart } from '../../ui/bar-chart';
import { Disclosure } from '../../ui/disclosure';
import { Notice } from '../../ui/notice';
import { Section } from '../../ui/page';
import { Table } from '../../ui/table';
import type { Contest, Fraction, Manifest } from '../../wasm/messages';
import type { ContestResult, Results, Turnout } from '../booth/core/server';
import { areMeans, cutPercent, needed, outcome, shareOf, type Standing, standings } from './figures';

/** The result of every contest, and why it is what it is under the legal profile. */
export function ResultSection({ manifest, results, turnout, actions }: { manifest: Manifest; results: Results; turnout: Turnout; actions?: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  return (
    <Section title={t('result')} actions={actions}>
      <Quorum manifest={manifest} results={results} />
      {results.contests.map((result) => {
        const contest = manifest.contests[result.contest];
        return contest === undefined ? null : <ContestOutcome key={result.contest} contest={contest} result={result} turnout={turnout} />;
      })}
    </Section>
  );
}

/** Turnout against what the law asks, in numbers. */
function Quorum({ manifest, results }: { manifest: Manifest; results: Results }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const { electorate } = results;
  const voted = results.ballots + results.paper;
  const facts = (share: Fraction) => ({
    turnout: `${format.number(cutPercent(voted, electorate))}%`,
    voted: format.number(voted),
    needed: format.number(needed(share, electorate)),
    electorate: format.number(electorate),
    share: `${String(share.numerator)}/${String(share.denominator)}`,
  });
  const { turnout_quorum: quorum, count_gate: gate } = manifest.profile;
  const met = (share: Fraction): boolean => voted >= needed(share, electorate);
  return (
    <>
      <p>{quorum === null ? t('result.quorum.none') : met(quorum) ? t('result.quorum.met', facts(quorum)) : t('result.quorum.missed', facts(quorum))}</p>
      {gate !== null && <p>{met(gate) ? t('result.gate.met', facts(gate)) : t('result.gate.missed', facts(gate))}</p>}
    </>
  );
}

const COUNTED_IN_POINTS: ReadonlySet<Contest['decision']> = new Set(['mean', 'borda']);

function ContestOutcome({ contest, result, turnout }: { contest: Contest; result: ContestResult; turnout: Turnout }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const what = outcome(result);
  const name = (option: number): string => {
    const text = contest.options[option];
    return text === undefined ? '' : pick(text);
  };
  const table = result.totals.length === 0 ? [] : standings(contest, result);
  const all = table.reduce((sum, { points }) => sum + points, 0);
  const shown = ({ points }: Standing): string => {
    switch (contest.decision) {
      case 'mean':
        return areMeans(contest) ? t('result.mean', { n: points.toFixed(2) }) : t('result.points', { n: points });
      case 'borda':
        return t('result.points', { n: points });
      default:
        return `${t('result.votes', { n: points })} (${shareOf(format, points, all)})`;
    }
  };
  const winners = result.winners.map(name);
  return (
    <article class="card stack">
      <h3>{pick(contest.title)}</h3>
      <Notice kind={what === 'decided' ? 'success' : 'info'}>
        <p>
          <strong>{what === 'decided' ? t('result.decided', { winners: format.list(winners) }) : t(`result.${what}`)}</strong>
        </p>
        {table.length > 0 && <p>{contest.decision === 'majority' ? t('result.rule.majority', { n: all, needed: format.number(Math.floor(all / 2) + 1) }) : t(`result.rule.${contest.decision}`)}</p>}
      </Notice>
      {table.length > 0 && (
        <BarChart
          title={t(COUNTED_IN_POINTS.has(contest.decision) ? 'result.chart.points' : 'result.chart.votes')}
          max={areMeans(contest) && contest.rules.kind === 'score' ? contest.rules.maximum : Math.max(1, all)}
          bars={table.map((one) => ({ key: String(one.option), label: name(one.option), value: one.points, shown: shown(one), strong: one.wins, ...(one.wins ? { detail: t('result.winner') } : {}) }))}
        />
      )}
      {result.groups.length > 1 && <Groups contest={contest} result={result} turnout={turnout} name={name} />}
    </article>
  );
}

/** Sums by district, small ones merged. */
function Groups({ contest, result, turnout, name }: { contest: Contest; result: ContestResult; turnout: Turnout; name: (option: number) => string }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const unitName = (unit: number): string => {
    const found = turnout.units.find((one) => one.unit === unit);
    return found === undefined ? String(unit) : pick(found.title);
  };
  const merged = result.groups.some(({ units }) => units.length > 1);
  const rows = result.groups.map(({ units, values }, group) => ({ group, label: units.length > 1 ? t('result.merged', { first: unitName(units[0] ?? 0), n: units.length }) : unitName(units[0] ?? 0), all: units.map(unitName), standings: standings(contest, { totals: values, winners: [] }) }));
  return (
    <Disclosure summary={t('result.units')}>
      {merged && <p>{t('result.merged.why')}</p>}
      <Table
        caption={t('result.units')}
        captionHidden
        rows={rows}
        rowKey={({ group }) => group}
        columns={[
          { key: 'unit', header: t('turnout.unit'), cell: ({ label, all }) => (all.length > 1 ? <span title={format.list(all)}>{label}</span> : label), sortBy: ({ label }) => label, rowHeader: true },
          ...contest.options.map((_, option) => ({ key: String(option), header: name(option), cell: (row: (typeof rows)[number]) => format.number(row.standings[option]?.points ?? 0), sortBy: (row: (typeof rows)[number]) => row.standings[option]?.points ?? 0, numeric: true })),
        ]}
      />
    </Disclosure>
  );
}
