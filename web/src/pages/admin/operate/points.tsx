import type { JSX } from 'preact';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';

/** What a confirmation will do, as a list. */
export function Points({ points }: { points: readonly string[] }): JSX.Element {
  const t = useText(texts);
  return (
    <div class="stack stack-s">
      <p>
        <strong>{t('will')}</strong>
      </p>
      <ul>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  );
}
