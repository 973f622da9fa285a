import type { JSX } from 'preact';
import { observer as texts } from '../../i18n/observer';
import { useText } from '../../i18n';
import { CopyButton } from '../../ui/hash';

/** The same checks on the command line. */
export function Command({ command }: { command: string }): JSX.Element {
  const t = useText(texts);
  return (
    <section class="card stack" aria-labelledby="observer-command">
      <h2 id="observer-command">{t('command')}</h2>
      <p class="soft">{t('command.body')}</p>
      <CommandLine command={command} />
    </section>
  );
}

export function CommandLine({ command }: { command: string }): JSX.Element {
  return (
    <div class="stack stack-s">
      <pre class="observer-pre">{command}</pre>
      <div class="row">
        <CopyButton text={command} />
      </div>
    </div>
  );
}
