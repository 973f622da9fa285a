/** A line to the server that breaks in the middle of the answers one names. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CuttingLine {
  url: string;
  /** Which answers break off, by method and path with query; none at first. */
  cut: RegExp | null;
  stop: () => Promise<void>;
}

/** Passes everything on to `target`, and answers whole unless they are to be cut: then only their first half arrives. */
export async function cuttingLine(target: string): Promise<CuttingLine> {
  const line = createServer((asked, answer) => {
    const onward = request(new URL(asked.url ?? '/', target), { method: asked.method ?? 'GET', headers: asked.headers }, (came) => {
      const parts: Buffer[] = [];
      came.on('data', (part: Buffer) => parts.push(part));
      came.on('end', () => {
        const body = Buffer.concat(parts);
        const cut = state.cut?.test(`${asked.method ?? ''} ${asked.url ?? ''}`) === true;
        const headers: Record<string, string | string[] | undefined> = { ...came.headers, 'content-length': String(body.length) };
        delete headers['transfer-encoding'];
        answer.writeHead(came.statusCode ?? 502, headers);
        if (cut) answer.write(body.subarray(0, body.length / 2), () => answer.destroy());
        else answer.end(body);
      });
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((done) => line.listen(0, '127.0.0.1', done));
  const state: CuttingLine = {
    url: `http://127.0.0.1:${String((line.address() as AddressInfo).port)}`,
    cut: null,
    stop: async () => {
      line.closeAllConnections();
      await new Promise((done) => line.close(done));
    },
  };
  return state;
}
