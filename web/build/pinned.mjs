import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'vite';

const QUERY = '?pinned';

/** @param {string | Uint8Array} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/**
 * `import worker from './worker.ts?pinned'` gives `{ url, sha256 }`: the address of the built worker (or of any
 * other file, such as `.wasm`) by a name made of its hash, and that hash in hexadecimal, carried by the script so
 * that the page can compare what it was served. A worker is bundled whole, its own pinned files included.
 * While developing, `sha256` is empty because the file is not built.
 * @returns {import('vite').Plugin}
 */
export function pinned() {
  let serving = false;
  /** Every file emitted by this build, nested ones included: name -> bytes. @type {Map<string, Uint8Array>} */
  const files = new Map();
  return {
    name: 'hanpyo-pinned',
    enforce: 'pre',
    configResolved(config) {
      serving = config.command === 'serve';
    },
    async resolveId(source, importer) {
      if (!source.endsWith(QUERY)) return null;
      const resolved = await this.resolve(source.slice(0, -QUERY.length), importer, { skipSelf: true });
      if (!resolved) this.error(`cannot find ${source} from ${importer ?? 'nowhere'}`);
      return `${resolved.id}${QUERY}`;
    },
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      const path = id.slice(0, -QUERY.length);
      const script = /\.[jt]s$/.test(path);
      if (serving) {
        const url = `/@fs${path}${script ? '?worker_file&type=module' : ''}`;
        return `export default ${JSON.stringify({ url, sha256: '' })};`;
      }
      const bytes = script ? await bundleWorker(path, files) : new Uint8Array(await readFile(path));
      const hash = sha256(bytes).toString('hex');
      const stem = basename(path).replace(/\.[^.]+$/, '');
      const name = `assets/${stem}-${hash.slice(0, 16)}.${script ? 'js' : basename(path).split('.').pop()}`;
      files.set(name, bytes);
      return `export default ${JSON.stringify({ url: `/${name}`, sha256: hash })};`;
    },
    generateBundle() {
      for (const [fileName, source] of files) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/**
 * Builds one worker as a single module script and hands the files that it pins to the outer build.
 * @param {string} entry
 * @param {Map<string, Uint8Array>} files
 */
async function bundleWorker(entry, files) {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [pinned()],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      lib: { entry, formats: ['es'], fileName: 'worker' },
      // A library's whitespace is left alone unless asked for.
      rolldownOptions: { output: { codeSplitting: false, minify: true } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []));
  const chunks = outputs.filter((one) => one.type === 'chunk');
  const [chunk] = chunks;
  if (!chunk || chunks.length !== 1) throw new Error(`${entry}: a worker is one script, this makes ${String(chunks.length)}`);
  for (const asset of outputs) {
    if (asset.type === 'asset') {
      files.set(asset.fileName, typeof asset.source === 'string' ? new TextEncoder().encode(asset.source) : asset.source);
    }
  }
  return new TextEncoder().encode(chunk.code);
}
