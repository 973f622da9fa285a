import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { classes } from './class';
import { FieldError } from './field';
import { Icon } from './icon';
import './score-field.css';

/** Up to here every score is a button; above, a number with a step up and down. */
const MOST_BUTTONS = 10;

export interface ScoreFieldProps {
  /** The option that is scored. */
  label: ComponentChildren;
  detail?: ComponentChildren;
  /** Null until a score is given. */
  value: number | null;
  /** Null while nothing, or nothing that is a score, is written. A form is held up by `input:invalid` (`holdUp`). */
  onChange: (score: number | null) => void;
  /** Scores go from 0 to this. */
  max: number;
  error?: string | null | undefined;
  id?: string | undefined;
}

/** Puts the focus on the first field of a form whose text is no score; whether there is one. */
export function holdUp(form: HTMLFormElement): boolean {
  const wrong = form.querySelector<HTMLInputElement>('input:invalid');
  wrong?.focus();
  return wrong !== null;
}

/** A score from 0 to `max` for one option. */
export function ScoreField({ label, detail, value, onChange, max, error, id }: ScoreFieldProps): JSX.Element {
  const t = useText(common);
  const made = useId();
  const own = id ?? made;
  // What is written and is no score; the browser gives '' for what is not even a number.
  const [typed, setTyped] = useState<string | null>(null);
  const said = typed === null ? error : t('score.wrong', { max });
  const wrong = said !== null && said !== undefined && said !== '';
  const told = wrong ? `${own}-error` : undefined;
  const set = (score: number): void => {
    setTyped(null);
    onChange(Math.max(0, Math.min(max, score)));
  };
  return (
    <fieldset class={classes('score', wrong && 'field-wrong')} id={own} tabIndex={-1} aria-describedby={told}>
      <legend class="legend">
        {label}
        {detail !== undefined && <span class="choice-detail">{detail}</span>}
      </legend>
      {wrong && <FieldError id={`${own}-error`}>{said}</FieldError>}
      {max <= MOST_BUTTONS ? (
        <div class="score-buttons">
          {Array.from({ length: max + 1 }, (_, score) => (
            <label key={score}>
              <input type="radio" name={made} checked={value === score} aria-label={t('score.points', { n: score })} onChange={() => onChange(score)} />
              <span aria-hidden="true">{score}</span>
            </label>
          ))}
        </div>
      ) : (
        <div class="score-stepper">
          <button type="button" class="score-step" aria-label={t('score.less')} aria-disabled={value === null || value <= 0 || undefined} onClick={() => set((value ?? 0) - 1)}>
            <Icon name="minus" />
          </button>
          <input
            type="number"
            class="control numeric"
            min={0}
            max={max}
            step={1}
            inputMode="numeric"
            aria-label={t('score.of', { max })}
            aria-invalid={typed !== null || undefined}
            aria-describedby={told}
            value={typed ?? value ?? ''}
            onInput={({ currentTarget: { value: text, validity } }) => {
              setTyped(validity.valid ? null : text);
              onChange(validity.valid && text !== '' ? Number(text) : null);
            }}
          />
          <button type="button" class="score-step" aria-label={t('score.more')} aria-disabled={(value ?? 0) >= max || undefined} onClick={() => set((value ?? -1) + 1)}>
            <Icon name="plus" />
          </button>
          <span class="soft">{t('score.of', { max })}</span>
        </div>
      )}
    </fieldset>
  );
}
