import type { ComponentChildren, JSX, TargetedMouseEvent } from 'preact';
import { Link, type LinkProps } from '../app/router';
import { classes } from './class';
import { Icon, type IconName } from './icon';
import './button.css';

export interface ButtonProps {
  children: ComponentChildren;
  /** One primary action a screen; `danger` for what cannot be undone; `quiet` beside other actions. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'normal' | 'small' | 'large';
  icon?: IconName | undefined;
  /** Shows that the action is under way; clicks are ignored, the focus stays. */
  busy?: boolean | undefined;
  disabled?: boolean | undefined;
  wide?: boolean;
  type?: 'button' | 'submit';
  onClick?: ((event: TargetedMouseEvent<HTMLButtonElement>) => void) | undefined;
  id?: string | undefined;
  class?: string | undefined;
  'aria-label'?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-expanded'?: boolean | undefined;
  'aria-controls'?: string | undefined;
}

/** A button. While busy or disabled it stays focusable, so that keyboard users do not lose their place. */
export function Button({ children, kind = 'secondary', size = 'normal', icon, busy = false, disabled = false, wide = false, type = 'button', onClick, class: more, ...rest }: ButtonProps): JSX.Element {
  const idle = busy || disabled;
  return (
    <button
      {...rest}
      type={type}
      class={classes('button', `button-${kind}`, size !== 'normal' && `button-${size}`, wide && 'button-wide', more)}
      aria-disabled={idle || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (idle) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export interface ButtonLinkProps extends LinkProps {
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'normal' | 'small' | 'large';
  icon?: IconName | undefined;
  wide?: boolean;
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function ButtonLink({ children, kind = 'secondary', size = 'normal', icon, wide = false, class: more, ...rest }: ButtonLinkProps): JSX.Element {
  return (
    <Link {...rest} class={classes('button', `button-${kind}`, size !== 'normal' && `button-${size}`, wide && 'button-wide', more)}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </Link>
  );
}
