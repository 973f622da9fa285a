/// <reference types="vite/client" />

/** A worker or file by the name of its hash, see build/pinned.mjs. */
declare module '*?pinned' {
  const file: { readonly url: string; /** Hexadecimal; empty while developing. */ readonly sha256: string };
  export default file;
}
