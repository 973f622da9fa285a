import type { JSX } from 'preact';
import { createStore, useStore } from '../app/store';
import { Icon } from './icon';
import './toast.css';

interface Message {
  id: number;
  text: string;
  kind: 'info' | 'success' | 'warning' | 'danger';
  /** Said by screen readers, not shown. */
  silent: boolean;
}

/** How long a message stays, in milliseconds: long enough to read twice. */
const STAYS = 8000;
const messages = createStore<readonly Message[]>([]);
let next = 1;

function add(message: Omit<Message, 'id'>): void {
  const id = next++;
  messages.set([...messages.get(), { ...message, id }]);
  setTimeout(() => messages.set(messages.get().filter((one) => one.id !== id)), STAYS);
}

/** Shows a short message in the corner and has screen readers say it. Nothing that must be read may be only here. */
export const toast = (text: string, kind: Message['kind'] = 'success'): void => add({ text, kind, silent: false });

/** Has screen readers say something that others see happen. */
export const announce = (text: string): void => add({ text, kind: 'info', silent: true });

/** The live region; once a page, in its shell. */
export function Toasts(): JSX.Element {
  const shown = useStore(messages);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, kind, silent }) => (
        <p key={id} class={silent ? 'visually-hidden' : `toast toast-${kind}`}>
          {!silent && <Icon name={kind} />}
          {text}
        </p>
      ))}
    </div>
  );
}
