/** Runs inside the page: how long one ballot takes to encrypt on the main thread, which throttling reaches. */
import { openRecord } from '../../src/pages/booth/core/open';
import { Server } from '../../src/pages/booth/core/server';
import { type Operation, type Request, WasmModule } from '../../src/wasm/module';
import type { Operator } from '../../src/wasm/ops';

export interface Setting {
  tenant: string;
  election: string;
  /** Address of the module. */
  wasm: string;
  code: string;
  index: number;
  rounds: number;
}

/** Milliseconds of each round, the first of which also prepares what later ones find. */
export async function encryptTimes({ tenant, election: slug, wasm, code, index, rounds }: Setting): Promise<number[]> {
  const module = await WasmModule.start(await (await fetch(wasm)).arrayBuffer());
  const operator: Operator = { call: (operation, request) => Promise.resolve(module.call(operation, request as unknown as Request<Operation> as never)) };
  const { election } = await openRecord(new Server(tenant, slug), operator, null);
  if (election === null) throw new Error('the election has no joint key');
  const { credential } = module.call('enter_credential', { election, codes: [code], index, style: 0, roll: null });
  return Array.from({ length: rounds }, (_, round) => {
    const seed = crypto.getRandomValues(new Uint8Array(32));
    const begun = performance.now();
    const { ballot } = module.call('encrypt', { credential, selections: [{ kind: 'choose_one', option: round % 2 }], counter: 1_700_000_000, attempt: round + 1, seed });
    const took = performance.now() - begun;
    module.call('destroy', { handle: ballot });
    return took;
  });
}

(globalThis as unknown as { encryptTimes: typeof encryptTimes }).encryptTimes = encryptTimes;
