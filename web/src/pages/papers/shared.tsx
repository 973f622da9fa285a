/** Parts that both forms have: turnout, remarks, and how the record is verified. */
import type { JSX } from 'preact';
import { papers as texts } from '../../i18n/papers';
import { useFormat, useLanguage, usePick, useText } from '../../i18n';
import { groupCode } from '../../ui/code-field';
import { Qr } from '../../ui/qr';
import type { Fraction } from '../../wasm/messages';
import { toHex } from '../../app/hex';
import { cutPercent, needed } from '../home/figures';
import type { Facts as Known } from './core/gather';
import { Facts, Figures, Part, useWhen } from './sheet';

/** Electors and who voted, of each district and all. */
export function TurnoutPart({ facts: { manifest, results }, ended }: { facts: Known; ended: boolean }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const row = (name: string, { electorate, counted, paper }: { electorate: number; counted: number; paper: number }): string[] => [
    name,
    format.number(electorate),
    format.number(counted),
    format.number(paper),
    format.number(counted + paper),
    format.number(Math.max(0, electorate - counted - paper)),
    `${format.number(cutPercent(counted + paper, electorate))}%`,
  ];
  const { turnout_quorum: quorum, count_gate: gate } = manifest.profile;
  const held = (share: Fraction): string => {
    const least = needed(share, results.electorate);
    const words = { share: `${String(share.numerator)}/${String(share.denominator)}`, needed: least };
    // Until the close more may come: not reached is not said before.
    return results.counted + results.paper >= least ? t('quorum.met', words) : ended ? t('quorum.missed', words) : t('quorum.open', words);
  };
  return (
    <Part title={t('turnout')}>
      <Figures
        caption={t('turnout')}
        columns={[{ label: t('turnout.unit') }, ...(['electors', 'online', 'paper', 'all', 'not', 'share'] as const).map((one) => ({ label: t(`turnout.${one}`), numeric: true }))]}
        rows={results.units.flatMap((unit, number) => (unit.electorate === 0 ? [] : [row(pick(manifest.units[number]?.title ?? { ko: String(number) }), unit)]))}
        foot={row(t('total'), results)}
      />
      <Facts rows={[{ label: t('quorum'), value: quorum === null ? t('quorum.none') : held(quorum) }, gate === null ? null : { label: t('gate'), value: held(gate) }]} />
    </Part>
  );
}

export function RemarksPart({ text }: { text: string }): JSX.Element {
  const t = useText(texts);
  return (
    <Part title={t('remarks')}>
      <p class="paper-remarks">{text}</p>
    </Part>
  );
}

/** By what anyone finds out whether it is the same record. */
export function RecordPart({ facts: { manifest, face, report, checkpoint, at } }: { facts: Known }): JSX.Element {
  const t = useText(texts);
  const language = useLanguage();
  const when = useWhen();
  const failed = report.checks.filter(({ outcome }) => outcome === 'fail');
  return (
    <Part title={t('record')}>
      <Facts
        rows={[
          { label: t('record.verdict'), value: t(`verdict.${report.verdict}`) },
          failed.length === 0 ? null : { label: t('record.failed'), value: failed.map(({ number, name_ko, name_en }) => `${String(number)}. ${language === 'ko' ? name_ko : name_en}`).join(', ') },
          { label: t('record.board'), value: <Code text={`${location.origin}${face.board}`} /> },
          { label: t('record.origin'), value: <Code text={checkpoint.origin} /> },
          { label: t('record.size'), value: t('record.size.value', { n: checkpoint.size }) },
          { label: t('record.root'), value: <Code text={checkpoint.root} /> },
          { label: t('record.manifest'), value: <Code text={groupCode(toHex(manifest.hash), [8]).replaceAll('-', ' ')} /> },
          { label: t('record.key'), value: <Code text={face.vkey} /> },
        ]}
      />
      <div class="paper-qr">
        <Qr data={`${checkpoint.origin}\n${String(checkpoint.size)}\n${checkpoint.root}\n`} label={t('record.qr')} />
        <div>
          <p>{t('record.lead')}</p>
          <p>{t('record.at', { when: when(at) })}</p>
          <p>{t('placed.note')}</p>
        </div>
      </div>
    </Part>
  );
}

function Code({ text }: { text: string }): JSX.Element {
  return (
    <code class="paper-code" translate={false}>
      {text}
    </code>
  );
}
