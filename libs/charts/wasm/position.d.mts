export function createPosition(): SharedArrayBuffer;
export function readPosition(shared: SharedArrayBuffer): string | undefined;
