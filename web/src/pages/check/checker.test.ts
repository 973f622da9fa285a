/** The check page when its worker breaks: as when the network cuts off the module. */
import { expect, test } from 'vitest';
import { WorkerBroken } from '../../wasm/client';
import type { Crypto } from '../booth/core/run';
import type { Server } from '../booth/core/server';
import { Checker } from './checker';

const server = {
  public: () => Promise.resolve({ manifest_hash: '00'.repeat(32) }),
  booth: () => Promise.resolve({ joint_key: 1, confirmations: [] }),
  entry: () => Promise.resolve(new Uint8Array([1])),
  find: () => Promise.resolve({ state: 'pending' }),
} as unknown as Server;

test('a worker that broke is stopped, and the next try starts another', async () => {
  const log: string[] = [];
  let started = 0;
  const start = (): Promise<Crypto> => {
    started += 1;
    const number = String(started);
    const call = (operation: string): Promise<unknown> => {
      log.push(`${number} ${operation}`);
      return number === '1' ? Promise.reject(new WorkerBroken('TypeError: Failed to fetch')) : Promise.resolve({ election: 7, manifest: { hash: new Uint8Array(32) } });
    };
    return Promise.resolve({ call, stop: () => log.push(`${number} stop`) } as unknown as Crypto);
  };
  const checker = new Checker(server, start);
  expect(await checker.find('code', null)).toMatchObject({ state: 'trouble' });
  expect(await checker.find('code', null)).toEqual({ state: 'pending' });
  expect(await checker.find('code', null)).toEqual({ state: 'pending' });
  expect(log).toEqual(['1 open_election', '1 stop', '2 open_election']);
});
