import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startChartRepository, startGitServer } from '@shipit/embedded';
import type { PlaygroundOptions } from './options.js';
import { account, region, startAws } from './parts/aws.js';
import { startCluster } from './parts/kubernetes.js';
import { choosePorts, ensureNothingRuns } from './parts/ports.js';
import { startRedis } from './parts/redis.js';
import { pushFirstImages, sampleFiles } from './sample/sample-repository.js';
import type { ServiceProcess } from './services/service-process.js';
import { type RunningServices, startServices } from './services/start-services.js';
import { webhookSecretVariable, writeConfig } from './write-config.js';

const repositoryName = 'releases';
const answeredMs = 15_000;

/** What programs need to know of a running playground: written to `ready.json`, last. */
export interface Ready {
  api: string;
  web: string;
  redisUrl: string;
  git: { url: string; branch: string; path: string; token: string };
  aws: {
    endpointSqs: string;
    endpointEcr: string;
    region: string;
    account: string;
    queueUrl: string;
    deadLetterQueueUrl: string;
  };
  kubeconfig: string;
  /** For the API. */
  token: string;
  /** With which deliveries to `--webhook` are signed. */
  webhookSecret: string;
  pids: Record<string, number>;
}

interface Tokens {
  git: string;
  api: string;
  webhook: string;
}

/** Everything on this machine. Parts are started in the order in which they need one another, and stopped the other way round. */
export class Playground {
  private readonly closing: (() => Promise<void>)[] = [];
  private services: RunningServices | undefined;
  private addresses: Omit<Ready, 'pids'> | undefined;

  private constructor(private readonly options: PlaygroundOptions) {}

  /** @throws after stopping what had started. */
  static async start(
    options: PlaygroundOptions,
    tell: (line: string) => void,
  ): Promise<{ playground: Playground; ready: Ready }> {
    await ensureNothingRuns(options.directory);
    const playground = new Playground(options);
    try {
      return { playground, ready: await playground.startAll(tell) };
    } catch (error) {
      await playground.stop();
      throw error;
    }
  }

  /** Stops everything that was started; the directory stays. */
  async stop(): Promise<void> {
    this.addresses = undefined;
    await rm(this.readyFile, { force: true });
    for (const close of this.closing.splice(0).reverse()) await close().catch(() => undefined);
    await rm(this.readyFile, { force: true });
  }

  /** @throws where there is no such service. */
  async stopService(name: string): Promise<void> {
    await this.find(name).stop();
    await this.writeReady();
  }

  /** Starts a service that was stopped; `once` is in the environment of this one process. */
  async startService(name: string, once: NodeJS.ProcessEnv): Promise<void> {
    await this.find(name).start(once);
    await this.writeReady();
  }

  private async startAll(tell: (line: string) => void): Promise<Ready> {
    const { directory, isFresh, port, webhook } = this.options;
    if (isFresh) await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    await rm(this.readyFile, { force: true });
    const ports = await choosePorts(directory, port);
    const tokens = await this.readTokens();
    const redis = await this.keep(startRedis(directory, ports.redis));
    const cluster = await this.keep(startCluster(this.options, ports.kubernetes));
    const aws = await this.keep(startAws(directory, ports));
    const charts = await this.keep(
      startChartRepository({ port: ports.charts, charts: new URL('../../../deploy/charts', import.meta.url).pathname }),
    );
    await writeFile(join(directory, 'charts-ca.pem'), charts.ca);
    const git = await this.keep(
      startGitServer({
        port: ports.git,
        directory: join(directory, 'git'),
        repositories: {
          [repositoryName]: {
            files: await sampleFiles(aws.ecr, { chartsUrl: charts.url }),
            message: 'Four services of two squads',
          },
        },
        tokens: [tokens.git],
        openRead: true,
      }),
    );
    await this.pushImagesOnce(aws.ecr);
    const gitUrl = git.repositoryUrl(repositoryName);
    const api = `http://127.0.0.1:${ports.web}`;
    const config = await writeConfig(directory, { aws, gitUrl, kubeconfig: cluster.kubeconfig, apiUrl: api, webhook });
    const env = serviceEnvironment({
      directory,
      config,
      redisUrl: redis.url,
      tokens,
      endpoints: { sqs: aws.sqs.url, ecr: aws.ecr.url },
    });
    const page = new URL('../../web/dist', import.meta.url).pathname;
    const apiEnv = { PORT: `${ports.web}`, SHIPIT_API_TOKENS: `playground:admin:${tokens.api}`, SHIPIT_PAGE: page };
    this.addresses = {
      api,
      web: `${api}/`,
      redisUrl: redis.url,
      git: { url: gitUrl, branch: 'main', path: 'releases', token: tokens.git },
      aws: {
        endpointSqs: aws.sqs.url,
        endpointEcr: aws.ecr.url,
        region,
        account,
        queueUrl: aws.queueUrl,
        deadLetterQueueUrl: aws.deadLetterQueueUrl,
      },
      kubeconfig: cluster.kubeconfig,
      token: tokens.api,
      webhookSecret: tokens.webhook,
    };
    this.services = await startServices({
      directory,
      env,
      envOf: (name) => (name === 'api' ? apiEnv : {}),
      onRestart: (name) => {
        tell(`${name} ended and was started again`);
        // While everything starts or stops there is no file to correct.
        this.writeReady().catch(() => undefined);
      },
    });
    this.closing.push(async () => this.services?.stop());
    await untilAnswered(`${api}/api/v1/releases`, tokens.api);
    return this.writeReady();
  }

  private get readyFile(): string {
    return join(this.options.directory, 'ready.json');
  }

  /** Whole or not at all: programs wait for the file and read it at once. */
  private async writeReady(): Promise<Ready> {
    const { addresses, services } = this;
    if (!addresses || !services) throw new Error('The playground does not run');
    const written = { ...addresses, pids: services.pids() };
    const draft = `${this.readyFile}.${randomBytes(4).toString('hex')}`;
    await writeFile(draft, `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, this.readyFile);
    return written;
  }

  private find(name: string): ServiceProcess {
    const service = this.services?.find(name);
    if (!service) throw new Error(`There is no service ${name}`);
    return service;
  }

  private async pushImagesOnce(ecr: Parameters<typeof pushFirstImages>[0]): Promise<void> {
    const marker = join(this.options.directory, 'images-pushed');
    const isDone = await readFile(marker).then(
      () => true,
      () => false,
    );
    if (isDone) return;
    pushFirstImages(ecr);
    await writeFile(marker, '');
  }

  private async readTokens(): Promise<Tokens> {
    const file = join(this.options.directory, 'tokens.json');
    const kept = await readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as Partial<Tokens>,
      () => ({}),
    );
    const newToken = (): string => randomBytes(18).toString('hex');
    const webhook = `whsec_${randomBytes(24).toString('base64')}`;
    const tokens = { git: newToken(), api: newToken(), webhook, ...kept };
    await writeFile(file, JSON.stringify(tokens), { mode: 0o600 });
    return tokens;
  }

  private async keep<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const part = await starting;
    this.closing.push(() => part.close());
    return part;
  }
}

/** A fresh cluster knows releases only once the deployer has told it what they are. */
async function untilAnswered(url: string, token: string): Promise<void> {
  const end = performance.now() + answeredMs;
  const isAnswered = (): Promise<boolean> =>
    fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(answeredMs) }).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isAnswered())) {
    if (performance.now() > end) throw new Error(`${url} did not answer within ${answeredMs / 1000} s`);
    await wait(50);
  }
}

function serviceEnvironment(of: {
  directory: string;
  config: string;
  redisUrl: string;
  tokens: Tokens;
  endpoints: { sqs: string; ecr: string };
}): NodeJS.ProcessEnv {
  const { PATH, HOME, LOG_LEVEL, NODE_ENV } = process.env;
  return {
    ...{ PATH, HOME, LOG_LEVEL, NODE_ENV },
    SHIPIT_CONFIG: of.config,
    REDIS_URL: of.redisUrl,
    GIT_TOKEN: of.tokens.git,
    [webhookSecretVariable]: of.tokens.webhook,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'playground',
    AWS_SECRET_ACCESS_KEY: 'playground-has-no-secrets',
    AWS_ENDPOINT_URL_SQS: of.endpoints.sqs,
    AWS_ENDPOINT_URL_ECR: of.endpoints.ecr,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: join(of.directory, 'charts-ca.pem'),
  };
}
