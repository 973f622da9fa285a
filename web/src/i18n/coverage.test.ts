/** Every text is there in both languages and used, and no page has a text of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { Catalogue, Texts } from './catalogue';

const SRC = resolve(import.meta.dirname, '..');
/** The examples are never shipped; tests and what defines the texts are no users of them. */
const EXEMPT = /^(?:ui\/examples\/|i18n\/)|\.test\.tsx?$|\.d\.ts$/;
/** Attributes whose text a reader sees or hears. */
const READ = new Set(['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'title', 'placeholder', 'alt', 'label', 'hint', 'legend', 'caption', 'summary', 'detail', 'error', 'lead', 'header', 'note', 'suffix', 'status']);
const LETTERS = /\p{L}/u;

const modules = import.meta.glob<Record<string, Catalogue<Texts>>>(['./*.ts', '!./*.test.ts', '!./catalogue.ts', '!./format.ts', '!./index.ts', '!./apart.ts'], { eager: true });
const catalogues = Object.entries(modules).flatMap(([file, exported]) => Object.values(exported).map((one) => ({ name: file.replace(/^\.\/|\.ts$/g, ''), texts: one })));

interface Source {
  name: string;
  tree: ts.SourceFile;
}

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !EXEMPT.test(name))
  .map((name) => ({ name, tree: parse(name, readFileSync(join(SRC, name), 'utf8')) }));

function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Texts written into a page: `file:line text`. */
function written({ name, tree }: Source): string[] {
  const found: string[] = [];
  const note = (node: ts.Node, text: string): void => void found.push(`${name}:${String(tree.getLineAndCharacterOfPosition(node.getStart()).line + 1)} ${text.trim()}`);
  const literal = (node: ts.Node | undefined): string | null => (node && (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) ? node.text : null);
  walk(tree, (node) => {
    if (ts.isJsxText(node) && LETTERS.test(node.text)) note(node, node.text);
    // `{'text'}` and `{`text ${x}`}` between tags; attributes are below.
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) {
      const text = literal(node.expression);
      if (text !== null && LETTERS.test(text)) note(node, text);
      if (node.expression && ts.isTemplateExpression(node.expression)) {
        const fixed = [node.expression.head, ...node.expression.templateSpans.map((span) => span.literal)].map((part) => part.text).join('');
        if (LETTERS.test(fixed)) note(node, fixed);
      }
    }
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText())) {
      const given = node.initializer && ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      const text = literal(given);
      if (text !== null && LETTERS.test(text)) note(node, text);
    }
    // Hangul anywhere else in the code is a text, too: nothing else is written in it.
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) && /\p{Script=Hangul}/u.test(node.text)) note(node, node.text);
  });
  return found;
}

/** Keys that the sources name: whole strings, and patterns of templates such as `phase.${phase}`. */
const named = new Set<string>();
const patterns: RegExp[] = [];
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
for (const { tree } of sources) {
  walk(tree, (node) => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) named.add(node.text);
    if (ts.isTemplateExpression(node) && (node.head.text.includes('.') || node.templateSpans.some((span) => span.literal.text.includes('.')))) {
      patterns.push(new RegExp(`^${escape(node.head.text)}${node.templateSpans.map((span) => `.+${escape(span.literal.text)}`).join('')}$`));
    }
  });
}

test('catalogues were found', () => {
  expect(catalogues.length).toBeGreaterThanOrEqual(8);
  expect(sources.length).toBeGreaterThan(30);
});

describe.each(catalogues)('$name', ({ name, texts }) => {
  test('has every text in both languages, with the same parameters', () => {
    expect(Object.keys(texts.en).sort()).toEqual(Object.keys(texts.ko).sort());
    const parameters = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? ''))].sort();
    for (const [key, korean] of Object.entries(texts.ko)) {
      const english = texts.en[key];
      const forms = typeof english === 'string' ? [english] : [english?.one ?? '', english?.other ?? ''];
      for (const form of [korean, ...forms]) expect(form.trim(), key).not.toBe('');
      expect(forms.flatMap(parameters).filter((one) => !parameters(korean).includes(one)), `parameters of ${key}`).toEqual([]);
      expect(parameters(korean).filter((one) => !parameters(forms.at(-1) ?? '').includes(one)), `parameters of ${key}`).toEqual([]);
      if (typeof english !== 'string') expect(parameters(korean), `${key} has plural forms`).toContain('n');
      // English that is still Korean, but for the names of languages.
      if (!key.startsWith('settings.language.')) for (const form of forms) expect(form, key).not.toMatch(/\p{Script=Hangul}{2}/u);
    }
  });

  test('says nothing of the common texts anew', () => {
    const common = catalogues.find((one) => one.name === 'common')?.texts;
    for (const [key, text] of Object.entries(common?.ko ?? {})) if (key in texts.ko) expect([key, texts.ko[key], texts.en[key]]).toEqual([key, text, common?.en[key]]);
  });

  test('has no text that is not used', () => {
    const inherited = name === 'common' ? [] : Object.keys(catalogues.find((one) => one.name === 'common')?.texts.ko ?? {});
    const own = Object.keys(texts.ko).filter((key) => !inherited.includes(key));
    expect(own.filter((key) => !named.has(key) && !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
  });
});

test('no page has a text of its own', () => {
  expect(sources.flatMap(written)).toEqual([]);
});

test('the search for texts in pages finds them', () => {
  const page = parse('page.tsx', "const x = <p title='Hello' class='row' data-x='y'>Text {'more'} {`so ${y} on`} {t('key')} · <b aria-label={`no`} />{error === '오류'}</p>;");
  expect(written({ name: 'page.tsx', tree: page }).map((one) => one.split(' ').slice(1).join(' '))).toEqual(['Hello', 'Text', 'more', 'so  on', 'no', '오류']);
});
