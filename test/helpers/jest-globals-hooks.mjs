const GLOBALS = new URL('./jest-globals.mjs', import.meta.url).href;

export function resolve(specifier, context, nextResolve) {
  return specifier === '@jest/globals'
    ? { url: GLOBALS, format: 'module', shortCircuit: true }
    : nextResolve(specifier, context);
}
