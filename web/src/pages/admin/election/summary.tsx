import type { ComponentChildren, JSX } from 'preact';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { type Translate, useFormat, usePick, useText } from '../../../i18n';
import { Hash } from '../../../ui/hash';
import { Section } from '../../../ui/page';
import { SummaryList } from '../../../ui/summary-list';
import { profileOf } from '../wizard/profiles';
import type { Step } from '../wizard/explain';
import type { Contest, Draft, Officer, Text } from './draft';
import { DraftDraws } from './draws';

/** All that a manifest will say, for whoever writes it and whoever approves it. `change` gives what leads to a step. */
export function DraftSummary({ draft, change }: { draft: Draft; change?: (step: Step) => ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const profile = profileOf(draft.profile.id);
  const time = (seconds: number): string => format.dateTime(new Date(seconds * 1000));
  const part = (step: Step): { title: string; actions?: ComponentChildren } => ({ title: t(`step.${step}`), ...(change ? { actions: change(step) } : {}) });
  return (
    <>
      <Section {...part('basics')}>
        <SummaryList
          rows={[
            { key: 'title', label: t('basics.title'), value: <Both text={draft.title} /> },
            { key: 'profile', label: t('basics.profile'), value: profile === null ? draft.profile.id : t(`profile.${profile.id}`) },
            { key: 'notice', label: t('basics.notice'), value: <Both text={draft.notice} /> },
            { key: 'test', label: t('summary.test'), value: draft.test ? t('summary.test.yes') : t('summary.test.no') },
          ]}
        />
      </Section>
      <Section {...part('schedule')}>
        <SummaryList
          rows={[
            ...draft.schedule.windows.map(({ opens, closes }, index) => ({ key: `window ${String(index)}`, label: t('schedule.window.title', { n: index + 1 }), value: t('schedule.from-to', { from: time(opens), to: time(closes) }) })),
            ...(draft.schedule.override_reason === null ? [] : [{ key: 'reason', label: t('schedule.reason'), value: draft.schedule.override_reason }]),
            { key: 'grace', label: t('schedule.grace'), value: format.duration(draft.schedule.grace_seconds) },
          ]}
        />
      </Section>
      <Section {...part('contests')}>
        <SummaryList rows={draft.contests.map((contest, number) => ({ key: String(number), label: t('contest.number', { n: number + 1 }), value: <ContestInWords contest={contest} /> }))} />
        <DraftDraws contests={draft.contests} />
      </Section>
      <Section {...part('districts')}>
        <SummaryList
          rows={[
            { key: 'units', label: t('units'), value: <List texts={draft.units.map(({ title }) => title)} /> },
            ...(draft.styles === null ? [] : [{ key: 'styles', label: t('styles'), value: <StylesInWords draft={draft} /> }]),
            { key: 'floor', label: t('counting.floor'), value: format.number(draft.counting.floor) },
            { key: 'revoting', label: t('counting.revoting'), value: draft.counting.revoting ? t('yes') : t('no') },
            ...(draft.counting.votes_computable ? [{ key: 'computable', label: t('counting.computable'), value: t('yes') }] : []),
          ]}
        />
      </Section>
      <Section {...part('officers')}>
        <SummaryList
          rows={[
            { key: 'trustees', label: t('trustees'), value: <Officers list={draft.roles.trustees} /> },
            { key: 'quorum', label: t('quorum'), value: t('summary.quorum', { n: draft.roles.quorum ?? 0, of: draft.roles.trustees.length }) },
            { key: 'authorities', label: t('authorities'), value: <Officers list={draft.roles.authorities} /> },
            { key: 'tally', label: t('tally'), value: draft.roles.tally === null ? t('summary.none') : <Hash value={draft.roles.tally} /> },
            { key: 'disclosure', label: t('disclosure'), value: t(`disclosure.${draft.disclosure}`) },
            { key: 'witnesses', label: t('witnesses'), value: draft.witnesses === null ? t('summary.none') : <pre>{draft.witnesses.policy}</pre> },
          ]}
        />
      </Section>
    </>
  );
}

function Both({ text }: { text: Text }): JSX.Element {
  const t = useText(texts);
  if (text.ko.trim() === '') return <span class="soft">{t('summary.none')}</span>;
  return (
    <div class="wizard-said">
      <span lang="ko">{text.ko}</span>
      {text.en !== '' && (
        <span lang="en" class="soft">
          {text.en}
        </span>
      )}
    </div>
  );
}

function List({ texts: list }: { texts: readonly Text[] }): JSX.Element {
  const pick = usePick();
  const format = useFormat();
  return <>{format.list(list.map(pick))}</>;
}

function ContestInWords({ contest }: { contest: Contest }): JSX.Element {
  const t = useText(texts);
  return (
    <div class="stack stack-s">
      <Both text={contest.title} />
      <ol>
        {contest.options.map((option, index) => (
          <li key={index}>
            <Both text={option} />
          </li>
        ))}
      </ol>
      <p class="small soft">{t('summary.kind', { kind: t(`kind.${contest.kind.type}`), rule: t(`rule.${contest.rule}`) })}</p>
      {bounds(contest.kind, t).map((line) => (
        <p key={line} class="small soft">
          {line}
        </p>
      ))}
      {contest.seats > 1 && <p class="small soft">{t('summary.seats', { n: contest.seats })}</p>}
    </div>
  );
}

/** What a kind allows, in words. */
function bounds(kind: Contest['kind'], t: Translate<(typeof texts)['ko']>): string[] {
  switch (kind.type) {
    case 'choose-one':
      return kind.blank ? [t('kind.blank')] : [];
    case 'choose':
      return [t('summary.choose', { min: kind.min, max: kind.max })];
    case 'rank':
      return [t('summary.rank', { min: kind.min, max: kind.max })];
    case 'score': {
      const { total } = kind;
      const sum = total === null ? [] : 'exactly' in total ? [t('summary.score.exactly', { n: total.exactly })] : [t('summary.score.at-most', { n: total['at-most'] })];
      return [t('summary.score', { n: kind.max }), ...sum, ...(kind.unanswered ? [t('kind.unanswered')] : [])];
    }
  }
}

function StylesInWords({ draft }: { draft: Draft }): JSX.Element {
  const pick = usePick();
  const format = useFormat();
  return (
    <ul>
      {(draft.styles ?? []).map((style, index) => (
        <li key={index}>
          {pick(style.title)}: {format.list(style.contests.flatMap((number) => draft.contests[number]?.title ?? []).map(pick))}
        </li>
      ))}
    </ul>
  );
}

function Officers({ list }: { list: readonly Officer[] }): JSX.Element {
  const t = useText(texts);
  return (
    <ul class="wizard-officers">
      {list.map(({ name, key }, index) => (
        <li key={index}>
          {name.trim() === '' ? <span class="soft">{t('summary.none')}</span> : name}
          {key !== null && <Hash value={key} />}
        </li>
      ))}
    </ul>
  );
}
