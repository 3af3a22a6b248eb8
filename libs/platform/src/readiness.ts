/** Throws where the part cannot do its work now. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<void>;

const checkLimitMs = 2_000;

/** What `/readyz` asks. A part that this service cannot work without adds its own check. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private state: 'starting' | 'started' | 'stopping' = 'starting';

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  enter(state: 'started' | 'stopping'): void {
    this.state = state;
  }

  /** Never rejects; each check has two seconds. */
  async read(): Promise<{ ready: boolean; service: string; checks: Record<string, 'ok' | 'failed'> }> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, (await passes(check)) ? 'ok' : 'failed'] as const),
    );
    const ready = this.state === 'started' && results.every(([, result]) => result === 'ok');
    return { ready, service: this.state, checks: Object.fromEntries(results) };
  }
}

async function passes(check: ReadinessCheck): Promise<boolean> {
  const signal = AbortSignal.timeout(checkLimitMs);
  const late = new Promise<boolean>((resolve) =>
    signal.addEventListener('abort', () => resolve(false), { once: true }),
  );
  return Promise.race([
    late,
    check(signal).then(
      () => true,
      () => false,
    ),
  ]);
}
