import type { JSX } from 'preact';
import { home as texts } from '../../i18n/home';
import { useFormat, useText } from '../../i18n';
import { LineChart, type Point } from '../../ui/line-chart';
import { Section } from '../../ui/page';
import type { Manifest } from '../../wasm/messages';
import type { TurnoutPoint } from '../booth/core/server';
import { drawn, listed, upToNow } from './course';
import { needed } from './figures';
import type { Figures } from './load';

const asPoints = (points: readonly TurnoutPoint[]): readonly Point[] => points.map(({ at, counted }) => ({ at: new Date(at * 1000).toISOString(), value: counted }));

/** How turnout grew over the voting time: a line and the same by the hour as a table. Nothing before voting. */
export function DaySection({ manifest, figures }: { manifest: Manifest | null; figures: Figures }): JSX.Element | null {
  const t = useText(texts);
  const format = useFormat();
  const { history, turnout, face, at } = figures;
  if (history === null) return null;
  const points = upToNow(history.points, face.phase === 'open', Math.floor(at / 1000), turnout);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || turnout.electorate === 0) return null;
  const when = (point: TurnoutPoint): string => format.dateTime(new Date(point.at * 1000));
  const quorum = manifest?.profile.turnout_quorum ?? null;
  // Paper votes count for the quorum and are not in the line: then it would say less than is true.
  const wanted = quorum === null || turnout.paper > 0 ? null : { share: `${String(quorum.numerator)}/${String(quorum.denominator)}`, n: needed(quorum, turnout.electorate) };
  return (
    <Section title={t('day')}>
      <div class="card stack">
        <LineChart
          title={t('day.title')}
          summary={t('day.summary', { from: when(first), to: when(last), n: last.counted })}
          points={asPoints(drawn(points, history.interval))}
          rows={asPoints(listed(points))}
          valueLabel={t('day.voted')}
          {...(wanted === null ? {} : { mark: { value: wanted.n, label: t('turnout.quorum', wanted) } })}
        />
        <p class="soft small">{t('day.note', { interval: format.duration(history.interval) })}</p>
      </div>
    </Section>
  );
}
