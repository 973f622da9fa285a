/** One instance of the WebAssembly module: calls with typed messages. Used in workers, in tests and in benchmarks. */
import { type Value, decode, encode } from './cbor';
import { type Failure, type Operations, operationNumbers } from './messages';

interface Exports {
  readonly memory: WebAssembly.Memory;
  alloc(length: number): number;
  free(address: number): void;
  call(operation: number, address: number, length: number): bigint;
}

/** An operation said no. `code` chooses the words for people, `message` (the code, and details where the module has them) is for those who look. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  constructor(
    readonly operation: keyof Operations,
    readonly failure: Failure,
  ) {
    super(failure.detail === '' ? failure.code : `${failure.code}: ${failure.detail}`);
  }

  get code(): Failure['code'] {
    return this.failure.code;
  }
}

export type Operation = keyof Operations;
export type Request<K extends Operation> = Operations[K]['request'];
export type Response<K extends Operation> = Operations[K]['response'];

export class WasmModule {
  private constructor(private readonly exports: Exports) {}

  /** Compiles and starts a module. It has no imports: it can reach nothing. */
  static async start(bytes: BufferSource): Promise<WasmModule> {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    return new WasmModule(instance.exports as unknown as Exports);
  }

  /** Runs an operation; throws {@link OperationError} if it fails. */
  call<K extends Operation>(operation: K, request: Request<K>): Response<K> {
    const message = encode(request);
    const address = this.exports.alloc(message.length);
    new Uint8Array(this.exports.memory.buffer, address, message.length).set(message);
    message.fill(0);
    // The request is wiped and freed by the call.
    const packed = BigInt.asUintN(64, this.exports.call(operationNumbers[operation], address, message.length));
    const [from, length] = [Number(packed >> 32n), Number(packed & 0xffff_ffffn)];
    // The memory may have grown, which detaches the old buffer.
    const response = new Uint8Array(this.exports.memory.buffer, from, length);
    const answer = decode(response);
    this.exports.free(from);
    const [status, value] = answer as [number, Value];
    if (status === 0) return value as unknown as Response<K>;
    throw new OperationError(operation, value as unknown as Failure);
  }
}
