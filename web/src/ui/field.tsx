import type { ComponentChildren, InputHTMLAttributes, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { classes } from './class';
import { Icon } from './icon';
import './field.css';

/** What every field has. `id` is also what the error summary links to. */
export interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | null | undefined;
  id?: string | undefined;
  /** Fields are required unless they say so. */
  optional?: boolean;
  disabled?: boolean | undefined;
}

/** What the control inside a field must carry, so that label, hint and error belong to it. */
export interface ControlProps {
  id: string;
  disabled: boolean | undefined;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': boolean;
}

/** A label, a hint, an error and, between them, the control that `children` makes of the given attributes. */
export function Field({ label, hint, error, id, optional = false, disabled, children }: FieldProps & { children: (control: ControlProps) => ComponentChildren }): JSX.Element {
  const t = useText(common);
  const made = useId();
  const own = id ?? made;
  const wrong = error !== null && error !== undefined && error !== '';
  const told = [hint !== undefined && `${own}-hint`, wrong && `${own}-error`].filter(Boolean).join(' ');
  return (
    <div class={classes('field', wrong && 'field-wrong')}>
      <label class="field-label" htmlFor={own}>
        {label}
        {optional && <span class="field-optional"> ({t('field.optional')})</span>}
      </label>
      {hint !== undefined && (
        <div class="field-hint" id={`${own}-hint`}>
          {hint}
        </div>
      )}
      {children({ id: own, disabled, 'aria-describedby': told === '' ? undefined : told, 'aria-invalid': wrong || undefined, 'aria-required': !optional })}
      {wrong && <FieldError id={`${own}-error`}>{error}</FieldError>}
    </div>
  );
}

/** An error at its field: icon, the word for screen readers, the message. */
export function FieldError({ id, children }: { id: string; children: ComponentChildren }): JSX.Element {
  const t = useText(common);
  return (
    <p class="field-error" id={id}>
      <Icon name="danger" />
      <span>
        <span class="visually-hidden">{t('field.error')} </span>
        {children}
      </span>
    </p>
  );
}

type Native = Pick<InputHTMLAttributes, 'autoComplete' | 'inputMode' | 'placeholder' | 'maxLength' | 'spellcheck' | 'autoCapitalize' | 'min' | 'max' | 'step'>;

export interface TextFieldProps extends FieldProps, Native {
  value: string;
  onInput: (value: string) => void;
  type?: 'text' | 'password' | 'email' | 'search' | 'url' | 'tel' | 'number' | 'date' | 'datetime-local';
  /** How many characters the field shows room for; full width otherwise. */
  size?: number;
  /** Right of the control, such as a unit. */
  suffix?: string;
}

/** One line of text. */
export function TextField({ value, onInput, type = 'text', size, suffix, label, hint, error, id, optional, disabled, ...native }: TextFieldProps): JSX.Element {
  // Preact types inputs apart by their type; the attributes given here are the same for all of ours.
  const kind = type as 'text';
  return (
    <Field label={label} hint={hint} error={error} id={id} optional={optional ?? false} disabled={disabled}>
      {(control) => (
        <div class="control-row">
          <input {...native} {...control} type={kind} class={classes('control', size !== undefined && 'control-sized')} size={size} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
          {suffix !== undefined && <span class="control-suffix">{suffix}</span>}
        </div>
      )}
    </Field>
  );
}

/** Several lines of text; with `maxLength`, says how many characters are left. */
export function TextArea({ value, onInput, rows = 4, maxLength, ...field }: FieldProps & { value: string; onInput: (value: string) => void; rows?: number; maxLength?: number }): JSX.Element {
  const t = useText(common);
  return (
    <Field {...field}>
      {(control) => (
        <>
          <textarea {...control} class="control" rows={rows} maxLength={maxLength} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
          {maxLength !== undefined && <p class="field-count numeric">{t('field.left', { n: maxLength - value.length })}</p>}
        </>
      )}
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** One of many, where a choice list would be too long. */
export function Select({ value, onChange, options, placeholder, ...field }: FieldProps & { value: string; onChange: (value: string) => void; options: readonly Choice[]; placeholder?: string }): JSX.Element {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} class="control control-select" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Korea has had no daylight saving time since 1988. */
const OFFSET = '+09:00';
const OFFSET_MS = 9 * 3_600_000;

/** `2026-11-22T06:00` in Korean time for an instant, or nothing for nothing. */
export const toLocal = (instant: string): string => {
  const when = Date.parse(instant);
  return Number.isNaN(when) ? '' : new Date(when + OFFSET_MS).toISOString().slice(0, 16);
};

/** The instant (RFC 3339, UTC) of a local Korean time, or nothing for nothing. */
export const toInstant = (local: string): string => {
  const when = Date.parse(`${local}:00${OFFSET}`);
  return Number.isNaN(when) ? '' : new Date(when).toISOString().replace('.000Z', 'Z');
};

/** Date and time in Korea, whatever the device's own zone; `value` is an instant (RFC 3339) or empty. */
export function DateTimeField({ value, onChange, min, max, hint, ...field }: FieldProps & { value: string; onChange: (instant: string) => void; min?: string; max?: string }): JSX.Element {
  const t = useText(common);
  return (
    <Field {...field} hint={hint ?? t('field.seoul')}>
      {(control) => (
        <input {...control} type="datetime-local" class="control control-sized numeric" step={60} min={min === undefined ? undefined : toLocal(min)} max={max === undefined ? undefined : toLocal(max)} value={toLocal(value)} onInput={(event) => onChange(toInstant(event.currentTarget.value))} />
      )}
    </Field>
  );
}
