/**
 * Builds the pages: `node build/build.mjs [site|local|examples]...` (default: all) into dist/, or below $HANPYO_WEB_OUT.
 * Every page is built by itself, so that it is one script and one style sheet.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { english } from './english.mjs';
import { ENGLISH_APART, TARGETS } from './pages.mjs';
import { sha256 } from './pinned.mjs';

// A surrounding test run says otherwise, and development code carries the names of source files.
process.env['NODE_ENV'] = 'production';

const web = resolve(import.meta.dirname, '..');
const out = resolve(process.env['HANPYO_WEB_OUT'] ?? join(web, 'dist'));

/** Brotli's own choices, and distances and blocks that suit some programs better: each is tried on every file. */
const ENCODINGS = [{}, { [constants.BROTLI_PARAM_NPOSTFIX]: 1, [constants.BROTLI_PARAM_NDIRECT]: 24, [constants.BROTLI_PARAM_LGBLOCK]: constants.BROTLI_MAX_INPUT_BLOCK_BITS }];

const targets = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(TARGETS);
for (const target of targets) {
  const pages = TARGETS[target];
  if (!pages) throw new Error(`no such target: ${target}; there are ${Object.keys(TARGETS).join(', ')}`);
  const folder = join(out, target);
  await rm(folder, { recursive: true, force: true });
  for (const page of pages) await buildPage(page, folder);
  for (const page of pages) await addIntegrity(folder, `${page}.html`);
  const manifest = await writeManifest(folder);
  await compress(folder);
  const scripts = Object.entries(manifest).filter(([name]) => /\.(js|css|wasm)$/.test(name));
  for (const [name, { size }] of scripts) console.log(`${target}/${name} ${String(size)}`);
}

/** @param {string} page @param {string} folder */
async function buildPage(page, folder) {
  await build({
    configFile: join(web, 'vite.config.ts'),
    root: join(web, 'src/entries'),
    logLevel: 'warn',
    plugins: [english(ENGLISH_APART[page])],
    build: {
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: {
        input: join(web, 'src/entries', `${page}.html`),
        output: { codeSplitting: false },
      },
    },
  });
}

/**
 * Gives every script and style sheet of a page its `integrity`.
 * @param {string} folder @param {string} name
 */
async function addIntegrity(folder, name) {
  const path = join(folder, name);
  let html = await readFile(path, 'utf8');
  html = html.replace(/ crossorigin\b/g, '');
  const tags = [...html.matchAll(/<(?:script|link rel="stylesheet")[^>]*? (?:src|href)="\/([^"]+)"/g)];
  const scripts = tags.filter(([tag]) => tag.startsWith('<script'));
  if (scripts.length !== 1) throw new Error(`${name}: a page has one script, this has ${String(scripts.length)}`);
  for (const [tag, file] of tags) {
    const hash = createHash('sha384').update(await readFile(join(folder, String(file)))).digest('base64');
    html = html.replace(tag, `${tag} integrity="sha384-${hash}"`);
  }
  await writeFile(path, html);
}

/**
 * The asset manifest: canonical JSON of path -> {sha256, size}, sorted by path, of every file but itself.
 * Its hash stands in the election manifest.
 * @param {string} folder
 */
async function writeManifest(folder) {
  /** @type {Record<string, {sha256: string, size: number}>} */
  const manifest = {};
  for (const name of await list(folder)) {
    const bytes = await readFile(join(folder, name));
    manifest[name] = { sha256: sha256(bytes).toString('hex'), size: bytes.length };
  }
  await writeFile(join(folder, 'assets.json'), JSON.stringify(manifest));
  return manifest;
}

/** Writes `x.br` and `x.gz` beside every file, for servers to send as they are. @param {string} folder */
async function compress(folder) {
  for (const name of await list(folder)) {
    const path = join(folder, name);
    const bytes = await readFile(path);
    await writeFile(`${path}.br`, brotli(bytes));
    await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** The smallest of a few encodings, the first of equals. @param {Uint8Array} bytes */
function brotli(bytes) {
  const tried = ENCODINGS.map((encoding) =>
    brotliCompressSync(bytes, {
      params: { ...encoding, [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  );
  return tried.reduce((best, one) => (one.length < best.length ? one : best));
}

/** Every file below `folder`, by path with `/`, sorted by code unit. @param {string} folder */
async function list(folder) {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}
