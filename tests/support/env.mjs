/**
 * jest runs each test file in its own realm; onnxruntime-node and sharp test typed arrays against the outer realm's
 * constructors ("A float32 tensor's data must be type of Float32Array"). Sharing them makes both realms agree.
 */
import { TestEnvironment } from 'jest-environment-node'

const SHARED = ['ArrayBuffer', 'SharedArrayBuffer', 'Float32Array', 'Float64Array', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'BigInt64Array', 'BigUint64Array']

export default class SharedArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context)
    for (const name of SHARED) this.global[name] = globalThis[name]
  }
}
