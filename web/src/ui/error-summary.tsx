import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { Icon } from './icon';
import './error-summary.css';

export interface FormError {
  /** Id of the field; none for an error of the whole form. */
  field?: string;
  message: string;
}

/** All that is wrong with a form, above it. It takes the focus when it appears; each line leads to its field. */
export function ErrorSummary({ errors }: { errors: readonly FormError[] }): JSX.Element | null {
  const t = useText(common);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  return (
    <div ref={box} class="error-summary" role="alert" tabIndex={-1}>
      <h2>
        <Icon name="danger" />
        {t('errors.title', { n: errors.length })}
      </h2>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={`${field ?? ''} ${message}`}>
            {field === undefined ? (
              message
            ) : (
              <a
                href={`#${field}`}
                onClick={(event) => {
                  event.preventDefault();
                  const target = document.getElementById(field);
                  target?.scrollIntoView({ block: 'center' });
                  target?.focus({ preventScroll: true });
                }}
              >
                {message}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
