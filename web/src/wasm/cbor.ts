/**
 * Messages between a page and the WebAssembly module (web/wasm/src/wire.rs): the part of CBOR (RFC 8949) that they
 * need, definite lengths and shortest heads only. Anything else is an error, never a guess.
 */

/** What a message is made of. Objects are maps with text keys. */
export type Value = null | boolean | number | string | Uint8Array | readonly Value[] | { readonly [key: string]: Value };

export class CborError extends Error {
  override readonly name = 'CborError';
}

const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;
const FALSE = 20;
const TRUE = 21;
const NULL = 22;

/** Encodes a message. Typed interfaces are objects too, hence `object`. */
export function encode(value: object): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  write(value as Value, parts);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function write(value: Value, parts: Uint8Array[]): void {
  if (value === null) parts.push(head(SIMPLE, NULL));
  else if (typeof value === 'boolean') parts.push(head(SIMPLE, value ? TRUE : FALSE));
  else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw new CborError(`${String(value)} is not a whole number from 0`);
    parts.push(head(UNSIGNED, value));
  } else if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    parts.push(head(TEXT, text.length), text);
  } else if (value instanceof Uint8Array) parts.push(head(BYTES, value.length), value);
  else if (Array.isArray(value)) {
    parts.push(head(ARRAY, value.length));
    for (const item of value as readonly Value[]) write(item, parts);
  } else if (typeof value === 'object') {
    const entries = Object.entries(value);
    parts.push(head(MAP, entries.length));
    for (const [key, item] of entries) {
      write(key, parts);
      write(item, parts);
    }
  } else throw new CborError(`cannot encode ${typeof value}`);
}

/** The head of an item: its major type and argument, in the shortest form. */
function head(major: number, argument: number): Uint8Array {
  const first = major << 5;
  if (argument < 24) return Uint8Array.of(first | argument);
  const [size, info] = argument < 0x100 ? [1, 24] : argument < 0x1_0000 ? [2, 25] : argument < 0x1_0000_0000 ? [4, 26] : [8, 27];
  const bytes = new Uint8Array(1 + size);
  bytes[0] = first | info;
  let rest = argument;
  for (let at = size; at > 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** Decodes one message; nothing may follow it. */
export function decode(bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  reader.end();
  return value;
}

/** Nested deeper than any message is. */
const MAX_DEPTH = 32;

class Reader {
  private at = 0;
  private readonly text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(private readonly bytes: Uint8Array) {}

  end(): void {
    if (this.at !== this.bytes.length) throw new CborError(`${String(this.bytes.length - this.at)} bytes after the message`);
  }

  value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new CborError('nested too deep');
    const first = this.take(1)[0] ?? 0;
    const major = first >> 5;
    const argument = this.argument(first & 31);
    switch (major) {
      case UNSIGNED:
        return argument;
      case BYTES:
        return this.take(argument).slice();
      case TEXT:
        return this.text.decode(this.take(argument));
      case ARRAY: {
        const items: Value[] = [];
        for (let n = 0; n < argument; n += 1) items.push(this.value(depth + 1));
        return items;
      }
      case MAP:
        return this.map(argument, depth);
      case SIMPLE:
        if (argument === NULL) return null;
        if (argument === TRUE || argument === FALSE) return argument === TRUE;
        throw new CborError(`simple value ${String(argument)}`);
      default:
        throw new CborError(`an item of major type ${String(major)}`);
    }
  }

  private map(length: number, depth: number): Value {
    // Without a prototype, so that no key means anything else.
    const map = Object.create(null) as Record<string, Value>;
    for (let n = 0; n < length; n += 1) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw new CborError('a key that is not a text');
      if (key in map) throw new CborError(`key ${key} twice`);
      map[key] = this.value(depth + 1);
    }
    return map;
  }

  private argument(info: number): number {
    if (info < 24) return info;
    const size = [1, 2, 4, 8][info - 24];
    if (size === undefined) throw new CborError('an indefinite length or a reserved head');
    const value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    const shortest = [24, 0x100, 0x1_0000, 0x1_0000_0000][info - 24] ?? 0;
    if (value < shortest) throw new CborError('a head that is not the shortest');
    if (!Number.isSafeInteger(value)) throw new CborError('a number above 2^53 - 1');
    return value;
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new CborError('cut off');
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }
}
