/**
 * What a browser keeps for a page. With cookies blocked the very mention of its storage throws; then things are kept in
 * memory, until the page is closed, and whoever uses it can say so.
 */
export interface KeptStore extends Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  /** Whether a reload finds again what is kept. */
  readonly lasting: boolean;
}

function inMemory(): KeptStore {
  const kept = new Map<string, string>();
  return { lasting: false, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
}

/** One each for all parts of the page. */
const [local, session] = [inMemory(), inMemory()];

function orMemory(browsers: () => Storage, memory: KeptStore): KeptStore {
  try {
    const store = browsers();
    // Storage that is refused only when it is used.
    store.getItem('');
    return { lasting: true, getItem: (key) => store.getItem(key), setItem: (key, value) => store.setItem(key, value), removeItem: (key) => store.removeItem(key) };
  } catch {
    return memory;
  }
}

/** Of this browser. */
export const localStore = (): KeptStore => orMemory(() => localStorage, local);

/** Of this tab. */
export const sessionStore = (): KeptStore => orMemory(() => sessionStorage, session);
