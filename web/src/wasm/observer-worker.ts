/** The workers of the observer's page: one follows the record, the others verify proofs for it. */
import wasm from '../../dist-wasm/observer.wasm?pinned';
import { serve } from './serve';

serve(wasm);
