import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { home as texts } from '../../i18n/home';
import { type Bilingual, useFormat, usePick, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Hash } from '../../ui/hash';
import { Notice } from '../../ui/notice';
import { Section } from '../../ui/page';
import { type Lot, Refused, Server, Unreachable } from '../booth/core/server';
import { type ContestDraws, drawsOf, type Ordered } from './lots';

type Contests = readonly (Ordered & { title: Bilingual })[];

/** All draws by lot of an election, as the server keeps them; nothing without any. */
export function DrawsSection({ tenant, election, contests }: { tenant: string; election: string; contests: Contests }): JSX.Element | null {
  const t = useText(texts);
  const [lots, setLots] = useState<readonly Lot[] | 'failed'>([]);
  const load = useCallback(async (): Promise<void> => {
    try {
      setLots(await new Server(tenant, election).lots());
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      setLots('failed');
    }
  }, [tenant, election]);
  useEffect(() => void load(), [load]);
  if (lots !== 'failed' && lots.length === 0) return null;
  return (
    <Section title={t('draws')}>
      {lots === 'failed' ? (
        <Notice kind="warning">
          <p>{t('draws.failed')}</p>
          <div class="row">
            <Button size="small" onClick={() => void load()}>
              {t('draws.again')}
            </Button>
          </div>
        </Notice>
      ) : (
        <Draws lots={lots} contests={contests} />
      )}
    </Section>
  );
}

/** The draws of each contest: how many there were, when, by whom, and what they gave. */
export function Draws({ lots, contests }: { lots: readonly Lot[]; contests: Contests }): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  return (
    <div class="stack">
      <p class="soft small">{t('draws.lead')}</p>
      {drawsOf(lots, contests).map((one) => {
        const title = contests[one.contest]?.title;
        return <OfContest key={one.contest} draws={one} title={title === undefined ? t('draws.gone', { n: one.contest + 1 }) : pick(title)} />;
      })}
    </div>
  );
}

function OfContest({ draws: { done, undone, differs }, title }: { draws: ContestDraws; title: string }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  return (
    <article class="card stack">
      <h3>{title}</h3>
      {differs && (
        <Notice kind="danger">
          <p>{t('draws.differs')}</p>
        </Notice>
      )}
      {done.length > 1 && (
        <Notice kind="warning">
          <p>{t('draws.many', { n: done.length })}</p>
        </Notice>
      )}
      {done.map(({ lot, order }, index) => (
        <section key={lot.id} class="stack stack-s">
          <h4>{t('draws.one', { n: index + 1, when: format.dateTime(lot.drawn_at ?? '') })}</h4>
          {typeof lot.drawn_by === 'string' && <p class="small">{t('draws.by', { who: lot.drawn_by })}</p>}
          <ol lang="ko">
            {order.map((option, place) => (
              <li key={place}>{option}</li>
            ))}
          </ol>
          <p class="small">{t('draws.contributed', { text: lot.contribution ?? '' })}</p>
          <Hash value={lot.commitment} label={t('draws.commitment', { when: format.dateTime(lot.made_at) })} />
          <Hash value={lot.seed ?? ''} label={t('draws.seed')} />
        </section>
      ))}
      {undone > 0 && <p class="small soft">{t('draws.undone', { n: undone })}</p>}
    </article>
  );
}
