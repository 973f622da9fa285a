import type { ComponentChildren, JSX } from 'preact';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { ChoiceList } from '../../../ui/choice-list';
import { RankList } from '../../../ui/rank-list';
import { ScoreField } from '../../../ui/score-field';
import type { Contest } from '../../../wasm/messages';
import { type Mark, total } from '../core/marks';
import { Korean, useBilingual } from '../texts';

export interface ContestProps {
  contest: Contest;
  mark: Mark;
  onChange: (mark: Mark) => void;
  error: string | null;
}

/** What may be done in a contest, in one sentence. */
export function useInstruction(): (contest: Contest) => string {
  const t = useText(texts);
  return ({ rules }) => {
    switch (rules.kind) {
      case 'choose_one':
        return t('mark.choose-one');
      case 'choose':
        return rules.min === rules.max ? t('mark.choose.exact', { n: rules.max }) : rules.min === 0 ? t('mark.choose.up-to', { n: rules.max }) : t('mark.choose', { min: rules.min, n: rules.max });
      case 'score':
        return [t('mark.score', { n: rules.maximum }), rules.total === null ? '' : rules.total_exact ? t('mark.score.exact', { n: rules.total }) : t('mark.score.total', { n: rules.total })].join(' ').trim();
      case 'rank':
        return rules.min === rules.max ? t('mark.rank.exact', { n: rules.max }) : rules.min <= 1 ? t('mark.rank.up-to', { n: rules.max }) : t('mark.rank', { min: rules.min, n: rules.max });
    }
  };
}

const BLANK = 'blank';
/** The id that the error summary and the focus go to. */
export const CONTEST = 'contest';

/** A contest's options with the controls of its kind. */
export function ContestFields({ contest, mark, onChange, error }: ContestProps): JSX.Element {
  const t = useText(texts);
  const bilingual = useBilingual();
  const instruction = useInstruction();
  const { rules } = contest;
  const legend = bilingual(contest.title).main;
  const hint = instruction(contest);
  const common = { id: CONTEST, legend, legendHidden: true, hint, error };
  const options = contest.options.map((option, index) => {
    const { main, korean } = bilingual(option);
    return { value: String(index), label: main, ...(korean === null ? {} : { detail: <Korean text={korean} /> }) };
  });
  // The number on the ballot, as drawn by lot.
  const numbered = options.map((option, index) => ({ ...option, mark: index + 1 }));

  if (rules.kind === 'choose_one' && mark.kind === 'choose_one') {
    const rows: { value: string; label: ComponentChildren; mark?: number; detail?: ComponentChildren }[] = rules.blank ? [...numbered, { value: BLANK, label: t('mark.blank') }] : numbered;
    return <ChoiceList {...common} options={rows} value={mark.option === null ? null : String(mark.option)} onChange={(value) => onChange({ kind: 'choose_one', option: value === BLANK ? 'blank' : Number(value) })} />;
  }
  if (rules.kind === 'choose' && mark.kind === 'choose')
    return <ChoiceList {...common} many options={numbered} max={rules.max} status={t('mark.chosen', { n: mark.options.length, of: rules.max })} value={mark.options.map(String)} onChange={(values) => onChange({ kind: 'choose', options: values.map(Number) })} />;
  if (rules.kind === 'rank' && mark.kind === 'rank') return <RankList {...common} options={options} max={rules.max} value={mark.options.map(String)} onChange={(values) => onChange({ kind: 'rank', options: values.map(Number) })} />;
  if (rules.kind === 'score' && mark.kind === 'score') {
    const set = (place: number, score: number | null): void => onChange({ kind: 'score', scores: mark.scores.map((old, index) => (index === place ? score : old)) });
    return (
      <div class="stack" id={CONTEST} tabIndex={-1} role="group" aria-label={legend}>
        <p class="field-hint">{hint}</p>
        {error !== null && (
          <p class="field-error" role="alert">
            {error}
          </p>
        )}
        {contest.options.map((_, place) => {
          const option = options[place];
          const score = mark.scores[place] ?? null;
          return (
            <div key={place} class="booth-score">
              <ScoreField label={option?.label ?? ''} detail={option?.detail} value={score} max={rules.maximum} onChange={(value) => set(place, value)} />
              {rules.unanswered && score !== null && (
                <Button kind="quiet" size="small" icon="cross" aria-label={t('mark.score.clear', { name: option?.label ?? '' })} onClick={() => set(place, null)}>
                  {t('review.no-score')}
                </Button>
              )}
            </div>
          );
        })}
        {rules.total !== null && (
          <p class="booth-sum numeric" role="status">
            {t('mark.score.sum', { n: total(mark.scores), of: rules.total })}
          </p>
        )}
      </div>
    );
  }
  throw new Error(`a ${rules.kind} contest has ${mark.kind} marks`);
}

/** Marks in words, for the review. */
export function MarkInWords({ contest, mark }: { contest: Contest; mark: Mark }): JSX.Element {
  const t = useText(texts);
  const bilingual = useBilingual();
  const name = (option: number): string => {
    const text = contest.options[option];
    return text === undefined ? '' : bilingual(text).main;
  };
  switch (mark.kind) {
    case 'choose_one':
      return <strong>{typeof mark.option === 'number' ? name(mark.option) : t('mark.blank')}</strong>;
    case 'choose':
      return mark.options.length === 0 ? (
        <strong>{t('mark.blank')}</strong>
      ) : (
        <ul class="booth-marks">
          {[...mark.options]
            .sort((a, b) => a - b)
            .map((option) => (
              <li key={option}>{name(option)}</li>
            ))}
        </ul>
      );
    case 'rank':
      return mark.options.length === 0 ? (
        <strong>{t('mark.blank')}</strong>
      ) : (
        <ol class="booth-marks booth-marks-plain">
          {mark.options.map((option, place) => (
            <li key={option}>{t('review.rank', { n: place + 1, name: name(option) })}</li>
          ))}
        </ol>
      );
    case 'score':
      return (
        <ul class="booth-marks booth-marks-plain">
          {mark.scores.map((score, option) => (
            <li key={option}>{t('review.score', { name: name(option), points: score === null ? t('review.no-score') : t('score.points', { n: score }) })}</li>
          ))}
        </ul>
      );
  }
}
