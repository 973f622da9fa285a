/** The Content-Security-Policy of web/README.md, "Rules"; `pages.spec.ts` compares it with what the server sends. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; " +
  "require-trusted-types-for 'script'; trusted-types hanpyo; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
