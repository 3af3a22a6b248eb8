import { ObjectWriter } from './api/object-writer.js';
import { serve } from './api/server.js';
import { allControllers, DEFAULT_TIMINGS, type Timings } from './controllers/all-controllers.js';
import { ControllerLoop } from './controllers/controller-loop.js';
import { followDefinitions } from './controllers/definitions.js';
import { createFirstObjects } from './first-objects.js';
import { ResourceRegistry } from './resources/resource-registry.js';
import { ObjectStore } from './store/object-store.js';
import { keepSnapshots, loadIdentity, loadSnapshot } from './store/state-directory.js';

export type KubernetesTimings = Timings;

export interface KubernetesOptions {
  /** On 127.0.0.1; a free one by default. */
  port?: number;
  /** Where objects, certificates and the token are kept, so that a restart goes on with them. Without it nothing is kept. */
  directory?: string;
  timings?: Partial<KubernetesTimings>;
}

export interface RunningKubernetes {
  url: string;
  /** The text of a kubeconfig that any client takes. */
  kubeconfig: string;
  token: string;
  /** The certificate of the authority that signed the server's, as PEM. */
  ca: string;
  /** Forgets what happened so far, as etcd's compaction does: watches that start in the past answer 410. */
  compact(): void;
  /** Ends watches, timers and the listener, and writes the last state. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a small Kubernetes API server with controllers, on 127.0.0.1 over TLS with a bearer token.
 *
 * Images decide how pods fare: a tag with `bad` never pulls, `crash` crash-loops, `notready` never becomes ready, `slow` takes
 * a while, `flaky` restarts once, `heals` pulls after three attempts; everything else becomes ready at once.
 */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<RunningKubernetes> {
  const { certificates, token } = await loadIdentity(options.directory);
  const store = new ObjectStore(await loadSnapshot(options.directory));
  const writer = new ObjectWriter(store, new ResourceRegistry());
  const forget = followDefinitions(writer);
  const save = keepSnapshots(store, options.directory);
  createFirstObjects(writer);
  const loop = new ControllerLoop(
    store,
    allControllers(writer, { ...DEFAULT_TIMINGS, ...options.timings }, certificates.ca),
  );
  const server = await serve(writer, { port: options.port ?? 0, certificates, token });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    loop.close();
    forget();
    await server.close();
    await save();
  };
  const url = `https://127.0.0.1:${server.port}`;
  return {
    url,
    token,
    ca: certificates.ca,
    kubeconfig: kubeconfigOf(url, certificates.ca, token),
    compact: () => store.compact(),
    close: () => (closing ??= close()),
  };
}

function kubeconfigOf(url: string, ca: string, token: string): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'current-context: embedded',
    'contexts: [{ name: embedded, context: { cluster: embedded, user: admin } }]',
    'clusters:',
    '  - name: embedded',
    '    cluster:',
    `      server: ${url}`,
    `      certificate-authority-data: ${Buffer.from(ca).toString('base64')}`,
    'users:',
    '  - name: admin',
    `    user: { token: ${token} }`,
    '',
  ].join('\n');
}
