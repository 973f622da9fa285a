import type { JSX } from 'preact';
import { home as texts } from '../../i18n/home';
import { useFormat, usePick, useText } from '../../i18n';
import { BarChart } from '../../ui/bar-chart';
import { Disclosure } from '../../ui/disclosure';
import { Notice } from '../../ui/notice';
import { Section } from '../../ui/page';
import { Stat, Stats } from '../../ui/stat';
import { Table } from '../../ui/table';
import type { Manifest } from '../../wasm/messages';
import { cutPercent, needed, voted } from './figures';
import type { Figures } from './load';

/** Turnout of everyone and by district: a chart and the same figures as a table. Never interim results. */
export function TurnoutSection({ manifest, figures, stale }: { manifest: Manifest | null; figures: Pick<Figures, 'turnout' | 'results' | 'at'>; stale: boolean }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const { turnout, at } = figures;
  const share = (part: number, whole: number): string => `${format.number(cutPercent(part, whole))}%`;
  const quorum = manifest?.profile.turnout_quorum ?? null;
  const gate = manifest?.profile.count_gate ?? null;
  // Units that others belong to have no voters of their own; an electorate of nobody has no turnout.
  const units = turnout.units.filter(({ electorate }) => electorate > 0);
  const all = voted(turnout);
  const quorumVoters = quorum === null ? null : needed(quorum, turnout.electorate);
  if (turnout.electorate === 0)
    return (
      <Section title={t('turnout')}>
        <p class="soft">{t('turnout.none')}</p>
      </Section>
    );
  return (
    <Section title={t('turnout')}>
      {stale && (
        <Notice kind="warning" live="status">
          <p>{t('trouble.stale')}</p>
        </Notice>
      )}
      <Stats>
        <Stat label={t('turnout.share')} value={share(all, turnout.electorate)} detail={quorumVoters === null ? undefined : all >= quorumVoters ? t('turnout.quorum.reached', { n: quorumVoters }) : t('turnout.quorum.left', { n: quorumVoters - all })} />
        <Stat label={t('turnout.voted')} value={format.number(all)} detail={t('turnout.voted.detail', { online: format.number(turnout.counted), paper: format.number(turnout.paper) })} />
        <Stat label={t('turnout.electorate')} value={format.number(turnout.electorate)} />
      </Stats>
      {gate !== null && <p>{t('turnout.gate', { share: `${String(gate.numerator)}/${String(gate.denominator)}` })}</p>}
      {units.length > 1 && (
        <div class="card stack">
          <BarChart
            title={t('turnout.title')}
            note={t('turnout.at', { when: format.clock(new Date(at)), n: turnout.log_size })}
            max={100}
            {...(quorum === null || quorumVoters === null ? {} : { mark: { value: (100 * quorum.numerator) / quorum.denominator, label: t('turnout.quorum', { share: `${String(quorum.numerator)}/${String(quorum.denominator)}`, n: quorumVoters }) } })}
            bars={units.map((unit) => ({ key: String(unit.unit), label: pick(unit.title), value: cutPercent(voted(unit), unit.electorate), shown: share(voted(unit), unit.electorate) }))}
          />
          <Disclosure summary={t('turnout.table')}>
            <Table
              caption={t('turnout.title')}
              captionHidden
              rows={units}
              rowKey={({ unit }) => unit}
              columns={[
                { key: 'unit', header: t('turnout.unit'), cell: ({ title }) => pick(title), sortBy: ({ title }) => pick(title), rowHeader: true },
                { key: 'electorate', header: t('turnout.electorate'), cell: ({ electorate }) => format.number(electorate), sortBy: ({ electorate }) => electorate, numeric: true },
                { key: 'online', header: t('turnout.online'), cell: ({ counted }) => format.number(counted), sortBy: ({ counted }) => counted, numeric: true },
                { key: 'paper', header: t('turnout.paper'), cell: ({ paper }) => format.number(paper), sortBy: ({ paper }) => paper, numeric: true },
                { key: 'share', header: t('turnout.share'), cell: (unit) => share(voted(unit), unit.electorate), sortBy: (unit) => voted(unit) / unit.electorate, numeric: true },
              ]}
              foot={[t('total'), format.number(turnout.electorate), format.number(turnout.counted), format.number(turnout.paper), share(all, turnout.electorate)]}
            />
          </Disclosure>
        </div>
      )}
      {figures.results === null && <p class="soft">{t('turnout.never')}</p>}
    </Section>
  );
}
