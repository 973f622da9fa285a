/**
 * The pages and where each is built to. `site` is served by hanpyo-server, `local` by the trustee's and the
 * authority's own programs, `examples` is never shipped.
 * @type {Record<string, string[]>}
 */
export const TARGETS = {
  site: ['vote', 'booth', 'admin', 'observe'],
  local: ['trustee', 'authority'],
  examples: ['examples'],
};

/**
 * Pages whose English texts are a file of their own (build/english.mjs): page -> catalogue.
 * @type {Record<string, string>}
 */
export const ENGLISH_APART = { booth: 'booth' };

/**
 * Which page answers an address of the site (web/README.md, "Addresses"); the server has the same table.
 * @param {string} path
 * @returns {string | null} the page's name, or null when the address is a file or belongs to the server
 */
export function pageAt(path) {
  if (/^\/(api|board|assets|healthz|metrics)(\/|$)/.test(path) || /\.[a-z0-9]+$/i.test(path)) return null;
  if (/^\/admin(\/|$)/.test(path)) return 'admin';
  if (/^\/e\/[^/]+\/[^/]+\/vote\/?$/.test(path)) return 'booth';
  if (/^\/e\/[^/]+\/[^/]+\/observe\/?$/.test(path)) return 'observe';
  const own = /^\/(examples|trustee|authority)(\/|$)/.exec(path);
  if (own) return own[1] ?? null;
  if (path === '/' || path.startsWith('/e/')) return 'vote';
  return null;
}
