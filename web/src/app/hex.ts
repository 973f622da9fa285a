/** Bytes as hexadecimal digits, and the hash that names files. */
export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** SHA-256 in hex. Only secure contexts have it: https, and http on this very machine. */
export const sha256Hex = async (bytes: ArrayBuffer): Promise<string> => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
