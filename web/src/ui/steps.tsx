import type { JSX } from 'preact';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { classes } from './class';
import './steps.css';

/** Where one is in a task of several steps. On narrow screens only the current step's name is shown, with "2 / 6". */
export function Steps({ steps, current, label }: { steps: readonly string[]; /** From 0. */ current: number; label?: string }): JSX.Element {
  const t = useText(common);
  return (
    <nav class="steps" aria-label={label ?? t('steps.label')}>
      <p class="steps-now" aria-hidden="true">
        <strong>{steps[current]}</strong>
        <span class="numeric">{t('steps.of', { n: current + 1, of: steps.length })}</span>
      </p>
      <ol>
        {steps.map((step, index) => (
          <li key={step} class={classes('step', index < current && 'step-done', index === current && 'step-now')} aria-current={index === current ? 'step' : undefined}>
            <span class="step-dot" aria-hidden="true">
              {index < current ? '✓' : index + 1}
            </span>
            <span class="step-name">
              {step}
              {index < current && <span class="visually-hidden"> ({t('steps.done')})</span>}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
