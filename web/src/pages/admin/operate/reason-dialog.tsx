import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextArea, TextField } from '../../../ui/field';
import { toast } from '../../../ui/toast';
import { useAct } from './core/load';
import { Trouble } from './trouble';

export interface ConfirmProps {
  open: boolean;
  title: string;
  /** On the button that does it. */
  label: string;
  kind?: 'primary' | 'danger';
  /** What will happen. */
  children: ComponentChildren;
  onClose: () => void;
  /** Said once it is done. */
  done: string;
}

/** States what will happen, then does it and says so; a refusal stays in the dialog. */
export function ConfirmDialog({ onDo, ...props }: ConfirmProps & { onDo: () => Promise<void> }): JSX.Element {
  return <Ask {...props} onDo={onDo} ready={() => true} fields={null} />;
}

/** As `ConfirmDialog`, with a reason that is published and, for what cannot be undone, a word to be typed. */
export function ReasonDialog({ onDo, word, ...props }: ConfirmProps & { onDo: (reason: string) => Promise<void>; word?: string }): JSX.Element {
  const t = useText(texts);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    if (props.open) return;
    setReason('');
    setTyped('');
    setLooked(false);
  }, [props.open]);
  const lacksReason = reason.trim() === '';
  const lacksWord = word !== undefined && typed.trim() !== word;
  return (
    <Ask
      {...props}
      onDo={() => onDo(reason.trim())}
      ready={() => {
        setLooked(true);
        return !lacksReason && !lacksWord;
      }}
      fields={
        <>
          <TextArea label={t('reason')} hint={t('reason.published')} value={reason} onInput={setReason} error={looked && lacksReason ? t('reason.missing') : undefined} maxLength={500} rows={3} />
          {word !== undefined && <TextField label={t('type', { word })} value={typed} onInput={setTyped} error={looked && lacksWord ? t('type.wrong', { word }) : undefined} autoComplete="off" spellcheck={false} />}
        </>
      }
    />
  );
}

function Ask({ open, title, label, kind = 'primary', children, onClose, done, onDo, ready, fields }: ConfirmProps & { onDo: () => Promise<void>; ready: () => boolean; fields: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const act = useAct();
  const { clear } = act;
  useEffect(() => {
    if (open) clear();
  }, [open, clear]);
  const go = (): void => {
    if (!ready()) return;
    void act.run(async () => {
      await onDo();
      toast(done);
      onClose();
    });
  };
  return (
    <Dialog
      open={open}
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button kind={kind} busy={act.busy} onClick={go}>
            {label}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      {children}
      {fields}
      <Trouble error={act.error} />
    </Dialog>
  );
}
