import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { english } from './build/english.mjs';
import { pageAt } from './build/pages.mjs';
import { pinned } from './build/pinned.mjs';

/** While developing, answers the addresses of web/README.md with the page that the server would send. */
function addresses(): Plugin {
  return {
    name: 'hanpyo-addresses',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const [path = '/'] = (request.url ?? '/').split('?');
        const page = pageAt(path);
        if (page !== null && request.headers.accept?.includes('text/html') === true) request.url = `/${page}.html`;
        next();
      });
    },
  };
}

const backend = process.env['HANPYO_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: resolve(import.meta.dirname, 'src/entries'),
  cacheDir: resolve(import.meta.dirname, '.cache'),
  publicDir: false,
  plugins: [pinned(), addresses(), { ...english(), apply: 'serve' }],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: {
    fs: { allow: [import.meta.dirname] },
    proxy: { '/api': backend, '/board': backend },
  },
});
