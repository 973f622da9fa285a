/** The worker of booth, check page and election home. */
import withScores from '../../dist-wasm/booth-score.wasm?pinned';
import wasm from '../../dist-wasm/booth.wasm?pinned';
import { serve } from './serve';

serve(wasm, withScores);
