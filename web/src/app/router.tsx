/** Addresses to pages: patterns with `:name` parts, links that change the address without loading, focus on arrival. */
import type { ComponentChildren, ComponentType, JSX } from 'preact';
import { createStore, useStore } from './store';

export type Params = Readonly<Record<string, string>>;

export interface Route {
  /** Such as `/e/:tenant/:election/check`. */
  path: string;
  page: ComponentType<{ params: Params }>;
}

const place = createStore(location.pathname);
/** Where the page is, without a fragment: that may be a secret, and is gone from the address by now. */
let here = location.pathname + location.search;

/** How many times the address changed without loading: the first page does not take the focus, later ones do. */
let arrivals = 0;

/** Told how to go on, it asks whether to. */
type Keeper = (leave: () => void) => void;
let keeper: Keeper | null = null;

/** From now on nobody leaves the page by a link or by going back without `ask`; gives how to end that. Closing the window is for `beforeunload`. */
export function keepHere(ask: Keeper): () => void {
  keeper = ask;
  return () => {
    if (keeper === ask) keeper = null;
  };
}

/** Goes on at once, or once the keeper lets it. */
function leaving(go: () => void): void {
  if (keeper === null) go();
  else
    keeper(() => {
      keeper = null;
      go();
    });
}

addEventListener('popstate', () => {
  if (keeper === null || location.pathname === place.get()) {
    arrive(location.pathname);
    return;
  }
  // The address has changed already: this page is put before it again, and leaving is one step back.
  history.pushState(null, '', here);
  leaving(() => history.back());
});

function arrive(path: string): void {
  arrivals += 1;
  here = location.pathname + location.search;
  place.set(path);
  scrollTo(0, 0);
}

export const hasNavigated = (): boolean => arrivals > 0;

/** Goes to an address of this page (path with optional query and fragment). */
export function navigate(to: string, { replace = false } = {}): void {
  leaving(() => {
    if (replace) history.replaceState(null, '', to);
    else history.pushState(null, '', to);
    arrive(location.pathname);
  });
}

/** The parts of `path` named by `pattern`, or null if it does not match. A trailing slash makes no difference. */
export function match(pattern: string, path: string): Params | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? '';
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(actual);
      } catch {
        return null;
      }
    } else if (part !== actual) return null;
  }
  return params;
}

/** The routes of this page, so that links know which addresses it answers itself. */
let known: readonly Route[] = [];

/** Shows the first route that matches the address, or `missing`. */
export function Router({ routes, missing }: { routes: readonly Route[]; missing: ComponentChildren }): JSX.Element {
  const path = useStore(place);
  known = routes;
  for (const route of routes) {
    const params = match(route.path, path);
    if (params) {
      const Page = route.page;
      return <Page key={path} params={params} />;
    }
  }
  return <>{missing}</>;
}

export interface LinkProps {
  /** Path, with query and fragment if any, or a whole address. */
  to: string;
  children: ComponentChildren;
  class?: string | undefined;
  id?: string | undefined;
  target?: '_blank' | undefined;
  download?: string | undefined;
  lang?: string | undefined;
  onClick?: (() => void) | undefined;
  'aria-current'?: 'page' | 'step' | undefined;
  'aria-label'?: string | undefined;
  'aria-describedby'?: string | undefined;
}

/** A link; stays inside this page where one of its routes answers the address, loads otherwise. */
export function Link({ to, onClick, children, ...rest }: LinkProps): JSX.Element {
  return (
    <a
      {...rest}
      href={to}
      rel={rest.target === '_blank' ? 'noopener' : undefined}
      onClick={(event) => {
        onClick?.();
        const target = new URL(to, location.href);
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        const inside = target.origin === location.origin && known.some((route) => match(route.path, target.pathname));
        if (!plain || !inside || rest.target !== undefined || rest.download !== undefined) return;
        event.preventDefault();
        navigate(target.pathname + target.search + target.hash);
      }}
    >
      {children}
    </a>
  );
}

/** The current path. */
export const usePath = (): string => useStore(place);
