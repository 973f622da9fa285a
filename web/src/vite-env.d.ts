/// <reference types="vite/client" />

/** The English texts of a page that has them in a file of their own, see build/english.mjs. */
declare module 'virtual:english' {
  const file: { readonly url: string; readonly sha256: string } | null;
  export default file;
}

/** A worker or file by the name of its hash, see build/pinned.mjs. */
declare module '*?pinned' {
  const file: { readonly url: string; /** Hexadecimal; empty while developing. */ readonly sha256: string };
  export default file;
}
