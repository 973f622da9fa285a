import type { JSX } from 'preact';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Checkbox, ChoiceList } from '../../../ui/choice-list';
import { FieldError, Select } from '../../../ui/field';
import { move } from '../../../ui/rank-list';
import { announce } from '../../../ui/toast';
import type { Contest, Kind, Rule, Style, Text } from '../election/draft';
import { fittingRules, newContest, NOTHING, usualRule } from './defaults';
import { BilingualField, NumberField, replaced, type StepProps, without } from './inputs';
import { LotDraw } from './lot';
import { profileOf } from './profiles';

/** Every style without a contest, the numbers after it moved up. */
const stylesWithout = (styles: readonly Style[] | null, gone: number): Style[] | null =>
  styles?.map((style) => ({ ...style, contests: style.contests.filter((number) => number !== gone).map((number) => (number > gone ? number - 1 : number)) })) ?? null;

/** What is put to the voters. */
export function ContestsStep({ draft, change, error }: StepProps): JSX.Element {
  const t = useText(texts);
  const { contests } = draft;
  const set = (number: number, contest: Contest): void => change({ ...draft, contests: replaced(contests, number, contest) });
  return (
    <>
      {contests.map((contest, number) => (
        <section key={number} class="card stack" aria-labelledby={`contest-${String(number)}`}>
          <div class="row row-apart">
            <h2 id={`contest-${String(number)}`}>{t('contest.number', { n: number + 1 })}</h2>
            {contests.length > 1 && (
              <Button kind="quiet" size="small" icon="cross" aria-label={t('contest.remove', { n: number + 1 })} onClick={() => change({ ...draft, contests: without(contests, number), styles: stylesWithout(draft.styles, number) })}>
                {t('remove')}
              </Button>
            )}
          </div>
          <ContestEditor number={number} contest={contest} onChange={(changed) => set(number, changed)} error={error} />
          <LotDraw contest={number} />
        </section>
      ))}
      <div class="row">
        <Button icon="plus" onClick={() => change({ ...draft, contests: [...contests, newContest(profileOf(draft.profile.id), NOTHING)] })}>
          {t('contest.add')}
        </Button>
      </div>
    </>
  );
}

/** A kind as it begins when it is chosen. */
function firstOf(type: Kind['type'], options: number): Kind {
  switch (type) {
    case 'choose-one':
      return { type, blank: true };
    case 'choose':
      return { type, min: 0, max: Math.max(1, Math.min(2, options)) };
    case 'score':
      return { type, max: 5, total: null, unanswered: true };
    case 'rank':
      return { type, min: 1, max: Math.max(1, options) };
  }
}
const TYPES = ['choose-one', 'choose', 'score', 'rank'] as const;

function ContestEditor({ number, contest, onChange, error }: { number: number; contest: Contest; onChange: (contest: Contest) => void; error: StepProps['error'] }): JSX.Element {
  const t = useText(texts);
  const place = `contests[${number}]`;
  const { kind, options } = contest;
  /** The rule and the bounds follow the kind and the options where they no longer fit. */
  const fitted = (changed: Contest): void => {
    const rules = fittingRules(changed.kind, changed.options.length);
    const rule = rules.includes(changed.rule) ? changed.rule : usualRule(changed.kind, changed.options.length);
    onChange({ ...changed, rule, seats: rule === 'majority' ? 1 : changed.seats });
  };
  const setOptions = (next: readonly Text[]): void => {
    const { kind: old } = contest;
    // Ranks go as far as there are options, unless someone said otherwise.
    const all = old.type === 'rank' && old.max === options.length ? { ...old, max: next.length } : old;
    fitted({ ...contest, options: next, kind: all });
  };
  const rules = fittingRules(kind, options.length);
  return (
    <>
      <BilingualField place={`${place}.title`} label={t('contest.title')} hint={t('contest.title.hint')} value={contest.title} onChange={(title) => onChange({ ...contest, title })} error={error} />
      <fieldset class="stack" id={`${place}.options`} tabIndex={-1}>
        <legend class="legend">{t('contest.options')}</legend>
        {error(`${place}.options`) !== undefined && <FieldError id={`${place}.options-error`}>{error(`${place}.options`)}</FieldError>}
        {options.map((option, index) => (
          <div key={index} class="wizard-option">
            <BilingualField place={`${place}.options[${index}]`} label={t('option.number', { n: index + 1 })} value={option} onChange={(text) => setOptions(replaced(options, index, text))} error={error} />
            <div class="wizard-option-actions">
              <Button
                kind="quiet"
                size="small"
                icon="up"
                disabled={index === 0}
                aria-label={t('option.up', { n: index + 1 })}
                onClick={() => {
                  setOptions(move(options, index, index - 1));
                  announce(t('option.moved', { from: index + 1, to: index }));
                }}
              >
                {t('option.up.short')}
              </Button>
              <Button kind="quiet" size="small" icon="cross" disabled={options.length <= 2} aria-label={t('option.remove', { n: index + 1 })} onClick={() => setOptions(without(options, index))}>
                {t('remove')}
              </Button>
            </div>
          </div>
        ))}
        <div class="row">
          <Button size="small" icon="plus" onClick={() => setOptions([...options, NOTHING])}>
            {t('option.add')}
          </Button>
        </div>
      </fieldset>
      <ChoiceList
        id={`${place}.kind`}
        legend={t('kind')}
        error={error(`${place}.kind`)}
        options={TYPES.map((type) => ({ value: type, label: t(`kind.${type}`), detail: t(`kind.${type}.detail`) }))}
        value={kind.type}
        onChange={(value) => {
          const type = TYPES.find((one) => one === value);
          if (type !== undefined) fitted({ ...contest, kind: firstOf(type, options.length) });
        }}
      />
      <KindFields place={place} kind={kind} onChange={(changed) => fitted({ ...contest, kind: changed })} />
      <div class="wizard-both">
        {rules.length > 1 ? (
          <Select id={`${place}.rule`} label={t('rule')} options={rules.map((rule) => ({ value: rule, label: t(`rule.${rule}`) }))} value={contest.rule} onChange={(rule) => fitted({ ...contest, rule: rules.find((one): one is Rule => one === rule) ?? contest.rule })} error={error(`${place}.rule`)} />
        ) : (
          <p>
            <strong>{t('rule')}</strong>
            <br />
            {t(`rule.${contest.rule}`)}
          </p>
        )}
        {contest.rule !== 'majority' && <NumberField id={`${place}.seats`} label={t('seats')} min={1} max={options.length} value={contest.seats} onChange={(seats) => onChange({ ...contest, seats })} error={error(`${place}.seats`)} />}
      </div>
    </>
  );
}

/** What a kind must say besides its name. */
function KindFields({ place, kind, onChange }: { place: string; kind: Kind; onChange: (kind: Kind) => void }): JSX.Element {
  const t = useText(texts);
  const field = (name: string): { id: string; error: undefined } => ({ id: `${place}.kind.${name}`, error: undefined });
  switch (kind.type) {
    case 'choose-one':
      return <Checkbox id={`${place}.kind.blank`} label={t('kind.blank')} detail={t('kind.blank.detail')} checked={kind.blank} onChange={(blank) => onChange({ ...kind, blank })} />;
    case 'choose':
    case 'rank':
      return (
        <div class="wizard-both">
          <NumberField {...field('min')} label={kind.type === 'choose' ? t('kind.min') : t('kind.min-ranks')} value={kind.min} onChange={(min) => onChange({ ...kind, min })} />
          <NumberField {...field('max')} label={kind.type === 'choose' ? t('kind.max') : t('kind.max-ranks')} value={kind.max} onChange={(max) => onChange({ ...kind, max })} />
        </div>
      );
    case 'score': {
      const exact = kind.total !== null && 'exactly' in kind.total;
      const bound = kind.total === null ? null : 'exactly' in kind.total ? kind.total.exactly : kind.total['at-most'];
      const how = kind.total === null ? 'none' : exact ? 'exactly' : 'at-most';
      const totalOf = (which: string, points: number): Kind => ({ ...kind, total: which === 'none' ? null : which === 'exactly' ? { exactly: points } : { 'at-most': points } });
      return (
        <>
          <div class="wizard-both">
            <NumberField {...field('max')} label={t('kind.score.max')} value={kind.max} onChange={(max) => onChange({ ...kind, max })} />
            <Select id={`${place}.kind.total`} label={t('kind.total')} options={(['none', 'at-most', 'exactly'] as const).map((value) => ({ value, label: t(`kind.total.${value}`) }))} value={how} onChange={(which) => onChange(totalOf(which, bound ?? 10))} />
          </div>
          {bound !== null && <NumberField {...field('points')} label={t('kind.total.points')} value={bound} onChange={(points) => onChange(totalOf(how, points))} />}
          <Checkbox id={`${place}.kind.unanswered`} label={t('kind.unanswered')} checked={kind.unanswered} onChange={(unanswered) => onChange({ ...kind, unanswered })} />
        </>
      );
    }
  }
}
