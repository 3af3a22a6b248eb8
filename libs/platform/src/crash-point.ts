/**
 * A place where a test may kill this process as hard as `kill -9` does: where `SHIPIT_CRASH_AT` bears the name and
 * `NODE_ENV` is `test`. Anywhere else it does nothing.
 */
export function crashPoint(name: string): void {
  if (process.env['NODE_ENV'] !== 'test' || process.env['SHIPIT_CRASH_AT'] !== name) return;
  process.kill(process.pid, 'SIGKILL');
}
