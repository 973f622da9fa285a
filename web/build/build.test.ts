/** The build is reproducible: made in two folders, its asset manifests are the same to the byte. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { booth } from '../src/i18n/booth';
import { TARGETS } from './pages.mjs';

const web = resolve(import.meta.dirname, '..');
const SHIPPED = ['site', 'local'] as const;
type Manifest = Record<string, { sha256: string; size: number }>;

const folders: string[] = [];

/** A copy of the sources in a folder of its own name and depth, built there. */
function buildElsewhere(below: string): string {
  const root = mkdtempSync(join(tmpdir(), 'hanpyo-web-'));
  folders.push(root);
  const copy = join(root, below);
  for (const part of ['build', 'src', 'dist-wasm', 'package.json', 'vite.config.ts', 'tsconfig.json']) cpSync(join(web, part), join(copy, part), { recursive: true });
  symlinkSync(join(web, 'node_modules'), join(copy, 'node_modules'));
  execFileSync(process.execPath, ['build/build.mjs', ...SHIPPED], { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(copy, 'dist');
}

const read = (path: string): string => readFileSync(path, 'utf8');
const manifestOf = (folder: string): Manifest => JSON.parse(read(join(folder, 'assets.json'))) as Manifest;

describe('two builds in different folders', () => {
  let one = '';
  let two = '';
  beforeAll(() => {
    one = buildElsewhere('a');
    two = buildElsewhere('another/much longer name');
  }, 300_000);
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  test.each(SHIPPED)('%s: the manifests are equal, and true of the files', (target) => {
    expect(read(join(one, target, 'assets.json'))).toBe(read(join(two, target, 'assets.json')));
    const manifest = manifestOf(join(one, target));
    expect(Object.keys(manifest)).toEqual(Object.keys(manifest).sort());
    for (const [name, { sha256, size }] of Object.entries(manifest)) {
      const bytes = readFileSync(join(one, target, name));
      expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sha256);
      expect(bytes.length, name).toBe(size);
      expect(brotliDecompressSync(readFileSync(join(one, target, `${name}.br`))).equals(bytes), name).toBe(true);
      expect(gunzipSync(readFileSync(join(one, target, `${name}.gz`))).equals(bytes), name).toBe(true);
    }
  });

  test.each(SHIPPED)('%s: every page is one script with integrity, and nothing inline or from elsewhere', (target) => {
    for (const page of TARGETS[target] ?? []) {
      const html = read(join(one, target, `${page}.html`));
      const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
      expect(scripts, page).toHaveLength(1);
      expect(scripts[0]?.[2], page).toBe('');
      for (const [tag] of html.matchAll(/<(?:script|link rel="stylesheet")[^>]*>/g)) {
        const integrity = /integrity="sha384-([^"]+)"/.exec(tag)?.[1];
        const file = /(?:src|href)="\/([^"]+)"/.exec(tag)?.[1];
        expect(file, tag).toBeDefined();
        expect(createHash('sha384').update(readFileSync(join(one, target, file ?? ''))).digest('base64'), tag).toBe(integrity);
      }
      expect(html, page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|https?:|data:/);
      const script = read(join(one, target, /src="\/([^"]+)"/.exec(html)?.[1] ?? ''));
      expect(script, page).not.toMatch(/\bimport\s*\(|^import\b|\beval\(|new Function\b/m);
    }
  });

  test('the English texts of the booth are in a file of their own, and all of them', () => {
    const site = join(one, 'site');
    const files = Object.entries(manifestOf(site)).filter(([name]) => name.endsWith('.json'));
    expect(files.map(([name]) => name)).toEqual([expect.stringMatching(/^assets\/booth-en-[0-9a-f]{16}\.json$/)]);
    const [name, { sha256 } = { sha256: '' }] = files[0] ?? [''];
    expect(JSON.parse(read(join(site, name)))).toEqual(booth.en);
    const scriptOf = (page: string): string => read(join(site, /<script[^>]* src="\/([^"]+)"/.exec(read(join(site, `${page}.html`)))?.[1] ?? ''));
    const script = scriptOf('booth');
    expect([script.includes(`/${name}`), script.includes(sha256)]).toEqual([true, true]);
    const english = Object.values(booth.en).flatMap((text) => (typeof text === 'string' ? text : text.other)).filter((text) => /[a-z] [a-z]/.test(text));
    expect(english.length).toBeGreaterThan(100);
    expect(english.filter((text) => script.includes(text))).toEqual([]);
    // The other pages have both languages, so that what is looked for above would be found.
    const vote = scriptOf('vote');
    expect(english.filter((text) => !vote.includes(text))).toEqual([]);
    expect(vote).not.toContain(name);
  });
});
