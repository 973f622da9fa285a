/** Serves a built folder as the server would, for pages that need no server: the same policy, the same addresses. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { pageAt } from '../../build/pages.mjs';
import { POLICY } from './policy';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

export interface StaticServer {
  /** Without a slash at the end. */
  url: string;
  stop: () => Promise<void>;
}

/** Serves `dist/<target>`; fails when it is not built. */
export async function serveStatic(target: string): Promise<StaticServer> {
  const folder = resolve(import.meta.dirname, '../../dist', target);
  await readFile(join(folder, 'assets.json')).catch(() => {
    throw new Error(`${folder} is not built; run "npm run build" first`);
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const page = pageAt(path);
    const file = normalize(join(folder, page === null ? path : `${page}.html`));
    readFile(file).then(
      (bytes) => {
        response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' });
        response.end(bytes);
      },
      () => {
        response.writeHead(404, { 'content-type': 'text/plain' });
        response.end('not found');
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
