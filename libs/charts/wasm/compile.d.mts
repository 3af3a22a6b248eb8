export function compileHelm(): Promise<WebAssembly.Module>;
