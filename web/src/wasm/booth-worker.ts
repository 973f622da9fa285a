/** The worker of booth, check page and election home. */
import wasm from '../../dist-wasm/booth.wasm?pinned';
import { serve } from './serve';

serve(wasm);
