import { resolve } from 'node:path';
import { build } from 'vite';
import { sha256 } from './pinned.mjs';

const NAME = 'virtual:english';
const texts = resolve(import.meta.dirname, '../src/i18n');

/**
 * Takes the English texts of one catalogue, and of those that it stands on, out of a page's script: most voters never
 * read them. They become a file of their own, by the name of its hash; `import english from 'virtual:english'` gives
 * its `{ url, sha256 }`, or null on a page that has its texts in its script, as every page has while developing.
 * The sources stay whole: `const en = {...}` is emptied in what is bundled, in exactly the modules whose texts are in
 * the file, and a module without it stops the build.
 * @param {string | undefined} [catalogue] the file's name in src/i18n, which is also what it exports
 * @returns {import('vite').Plugin}
 */
export function english(catalogue) {
  /** Modules whose English texts are in the file. @type {Set<string>} */
  let apart = new Set();
  let fileName = '';
  let source = '';
  return {
    name: 'hanpyo-english',
    async buildStart() {
      if (catalogue === undefined) return;
      const { code, modules } = await bundle(resolve(texts, `${catalogue}.ts`));
      /** @type {Record<string, { en: Record<string, unknown> } | undefined>} */
      const exported = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
      const en = exported[catalogue]?.en;
      if (en === undefined || Object.keys(en).length === 0) this.error(`${catalogue}.ts has no English texts`);
      source = JSON.stringify(en);
      fileName = `assets/${catalogue}-en-${sha256(source).toString('hex').slice(0, 16)}.json`;
      apart = new Set(modules.filter((id) => id !== resolve(texts, 'catalogue.ts')));
    },
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      const file = catalogue === undefined ? null : { url: `/${fileName}`, sha256: sha256(source).toString('hex') };
      return `export default ${JSON.stringify(file)};`;
    },
    // After the types are gone.
    transform(code, id) {
      if (!apart.has(id)) return null;
      const found = this.parse(code)
        .body.flatMap((one) => (one.type === 'VariableDeclaration' ? one.declarations : []))
        .find((one) => one.id.type === 'Identifier' && one.id.name === 'en')?.init;
      if (found?.type !== 'ObjectExpression') this.error(`${id}: the English texts are not in a "const en = {...}"`);
      return { code: `${code.slice(0, found.start)}{}${code.slice(found.end)}`, map: null };
    },
    generateBundle() {
      if (catalogue !== undefined) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/** A module with all that it imports, as one script, and what it was made of. @param {string} entry */
async function bundle(entry) {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, target: 'es2022', lib: { entry, formats: ['es'], fileName: 'texts' }, rolldownOptions: { output: { codeSplitting: false } } },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []));
  const [chunk] = outputs.filter((one) => one.type === 'chunk');
  if (!chunk) throw new Error(`${entry}: nothing was built`);
  return { code: chunk.code, modules: chunk.moduleIds };
}
