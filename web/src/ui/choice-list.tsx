import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { classes } from './class';
import { FieldError } from './field';
import './choice-list.css';

export interface ChoiceOption {
  value: string;
  label: ComponentChildren;
  /** A line below, such as a party or an explanation. */
  detail?: ComponentChildren;
  /** Before the label, such as the candidate's number (기호). */
  mark?: ComponentChildren;
  disabled?: boolean;
}

interface Base {
  legend: ComponentChildren;
  /** The legend as the page's own heading looks. */
  large?: boolean;
  /** The legend for screen readers only, where a heading says it already. */
  legendHidden?: boolean;
  hint?: ComponentChildren;
  error?: string | null | undefined;
  options: readonly ChoiceOption[];
  id?: string | undefined;
}

export interface OneProps extends Base {
  many?: false;
  value: string | null;
  onChange: (value: string) => void;
}

export interface ManyProps extends Base {
  many: true;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** How many may be chosen: once reached, the others cannot be, so there is no overvote. */
  max?: number | undefined;
  /** Says how many are chosen; read out as it changes. */
  status?: string | undefined;
}

/** Radio buttons or check boxes in a fieldset; the whole row is the label, at least 48 px high. */
export function ChoiceList(props: OneProps | ManyProps): JSX.Element {
  const { legend, large = false, legendHidden = false, hint, error, options, id } = props;
  const made = useId();
  const own = id ?? made;
  const wrong = error !== null && error !== undefined && error !== '';
  const told = [hint !== undefined && `${own}-hint`, wrong && `${own}-error`].filter(Boolean).join(' ');
  const isChosen = (value: string): boolean => (props.many === true ? props.value.includes(value) : props.value === value);
  const full = props.many === true && props.max !== undefined && props.value.length >= props.max;
  const choose = (value: string, on: boolean): void => {
    if (props.many !== true) props.onChange(value);
    else if (!on) props.onChange(props.value.filter((one) => one !== value));
    else if (!full) props.onChange([...props.value, value]);
  };
  return (
    <fieldset class={classes('choices', wrong && 'field-wrong')} id={own} tabIndex={-1} aria-describedby={told === '' ? undefined : told}>
      <legend class={classes('legend', large && 'legend-large', legendHidden && 'visually-hidden')}>{legend}</legend>
      {hint !== undefined && (
        <div class="field-hint" id={`${own}-hint`}>
          {hint}
        </div>
      )}
      {wrong && <FieldError id={`${own}-error`}>{error}</FieldError>}
      <div class="choices-rows">
        {options.map(({ value, label, detail, mark, disabled }, index) => {
          const chosen = isChosen(value);
          const off = disabled === true || (full && !chosen);
          return (
            <label key={value} class={classes('choice', chosen && 'choice-chosen', off && 'choice-off')}>
              <input type={props.many === true ? 'checkbox' : 'radio'} name={made} id={`${own}-${index}`} value={value} checked={chosen} disabled={off} onChange={(event) => choose(value, event.currentTarget.checked)} />
              <span class="choice-mark" aria-hidden="true" />
              {mark !== undefined && <span class="choice-number">{mark}</span>}
              <span class="choice-text">
                <span class="choice-label">{label}</span>
                {detail !== undefined && <span class="choice-detail">{detail}</span>}
              </span>
            </label>
          );
        })}
      </div>
      {props.many === true && props.status !== undefined && (
        <p class="field-hint" role="status">
          {props.status}
        </p>
      )}
    </fieldset>
  );
}

/** One check box by itself, such as an agreement. */
export function Checkbox({ label, checked, onChange, detail, id, disabled = false }: { label: ComponentChildren; checked: boolean; onChange: (checked: boolean) => void; detail?: ComponentChildren; id?: string; disabled?: boolean }): JSX.Element {
  return (
    <label class={classes('choice', checked && 'choice-chosen', disabled && 'choice-off')}>
      <input type="checkbox" id={id} checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span class="choice-mark" aria-hidden="true" />
      <span class="choice-text">
        <span class="choice-label">{label}</span>
        {detail !== undefined && <span class="choice-detail">{detail}</span>}
      </span>
    </label>
  );
}
