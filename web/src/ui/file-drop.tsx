import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { useFormat, useText } from '../i18n';
import { classes } from './class';
import { Field, type FieldProps } from './field';
import { Icon } from './icon';
import './file-drop.css';

/** One file, chosen or dropped. The browser's own control is under the whole area, so keyboard and touch work as ever. */
export function FileDrop({ accept, file, onFile, ...field }: FieldProps & { /** As of `<input accept>`. */ accept?: string; file: File | null; onFile: (file: File | null) => void }): JSX.Element {
  const t = useText(common);
  const format = useFormat();
  const [over, setOver] = useState(false);
  return (
    <Field {...field}>
      {(control) => (
        <div class={classes('file-drop', over && 'file-drop-over')}>
          <input {...control} type="file" accept={accept} onDragEnter={() => setOver(true)} onDragLeave={() => setOver(false)} onDrop={() => setOver(false)} onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)} />
          <Icon name="upload" />
          {file ? (
            <p>
              <strong>{file.name}</strong> <span class="soft">{format.bytes(file.size)}</span>
            </p>
          ) : (
            <p>
              <strong class="file-drop-choose">{t('file.choose')}</strong> <span class="soft">{t('file.drop')}</span>
            </p>
          )}
        </div>
      )}
    </Field>
  );
}
