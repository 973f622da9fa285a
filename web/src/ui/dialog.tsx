import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { Icon } from './icon';
import './dialog.css';

export interface DialogProps {
  open: boolean;
  title: string;
  children: ComponentChildren;
  /** Buttons, the main one first. */
  actions?: ComponentChildren;
  /** Escape and the cross close; a dialog that must be answered has none. */
  onClose?: (() => void) | undefined;
  wide?: boolean;
}

/** The browser's own modal dialog: the focus goes in, stays in, and comes back. */
export function Dialog({ open, title, children, actions, onClose, wide = false }: DialogProps): JSX.Element {
  const t = useText(common);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // With the rendering, not after it: in between, the browser's word of an earlier close would be taken for its own doing.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    else if (!open && element.open) element.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        // The state decides, not the browser. What cannot be prevented closes it, and is seen below.
        if (!event.cancelable) return;
        event.preventDefault();
        onClose?.();
      }}
      onClose={({ currentTarget }) => {
        // Browsers close at a second Escape in a row, whatever the page says: it comes back until the state lets it go.
        if (!open || currentTarget.open) return;
        currentTarget.showModal();
        onClose?.();
      }}
    >
      {open && (
        <div class="dialog-body">
          <div class="dialog-head">
            <h2 id={heading}>{title}</h2>
            {onClose && (
              <button type="button" class="dialog-cross" aria-label={t('dialog.close')} onClick={onClose}>
                <Icon name="cross" />
              </button>
            )}
          </div>
          <div class="stack">{children}</div>
          {actions !== undefined && <div class="dialog-actions">{actions}</div>}
        </div>
      )}
    </dialog>
  );
}
