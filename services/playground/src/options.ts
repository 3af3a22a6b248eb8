import { parseArgs } from 'node:util';
import { resolve } from 'node:path';

export interface PlaygroundOptions {
  /** Everything the playground keeps: state of the embedded parts, logs, ready.json. */
  directory: string;
  isFresh: boolean;
  kubernetes: 'embedded' | 'real' | 'kubeconfig';
  kubeconfig: string | undefined;
  /** Port of the page and the API; another one is taken where it is in use. */
  port: number;
  /** Gets every event, signed. */
  webhook: string | undefined;
}

export const usage = `Starts all of Ship-it on this machine, with embedded SQS, ECR, git and Kubernetes.

Usage: npm start -- [options]

  --fresh                 begin anew: forget the repository, the images, the cluster and the events
  --kubernetes KIND       embedded (default), or real: the control plane of tools/control-plane (needs Go)
  --kubeconfig FILE       any cluster
  --port N                port of the page (default 8080)
  --webhook URL           send every event there, signed as Standard Webhooks; the secret is in ready.json
  --directory DIR         where state and logs are kept (default .playground)
  -h, --help              this text
`;

/** Throws with a sentence for the person at the terminal. */
export function parseOptions(args: readonly string[]): PlaygroundOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fresh: { type: 'boolean', default: false },
      kubernetes: { type: 'string', default: 'embedded' },
      kubeconfig: { type: 'string' },
      port: { type: 'string', default: '8080' },
      directory: { type: 'string', default: '.playground' },
      webhook: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { kubernetes, port, webhook } = values;
  if (kubernetes !== 'embedded' && kubernetes !== 'real')
    throw new Error(`--kubernetes is embedded or real, not "${kubernetes}"`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Error(`--port is a number up to 65535, not "${port}"`);
  if (webhook !== undefined && !/^https?:\/\//.test(webhook)) throw new Error('--webhook is an http or https address');
  return {
    directory: resolve(values.directory),
    isFresh: values.fresh,
    kubernetes: values.kubeconfig ? 'kubeconfig' : kubernetes,
    kubeconfig: values.kubeconfig === undefined ? undefined : resolve(values.kubeconfig),
    port: Number(port),
    webhook,
  };
}
