/** How a thread ended that did not answer. */
export interface Crash {
  crash: string;
  stderr: string;
}

/** Where a call was that ended before it came to a template. */
export const whileReading = ', while its files and values were read';

export function isOutOfMemory({ crash, stderr }: Crash): boolean {
  return /out of memory|cannot allocate/.test(crash + stderr);
}

export function crashReason(reply: Crash): string {
  const { crash } = reply;
  if (isOutOfMemory(reply)) return 'rendering needs more than the 512 MiB it may use';
  if (crash.includes('call stack')) return 'templates or documents nest too deeply';
  return `the Helm engine crashed: ${crash.split('\n', 1)[0] ?? ''}`;
}
