import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../services/playground/dist/main.js', import.meta.url));
const limitMs = 60_000;
const samples = ['word-counts', 'stories-web', 'story-index', 'billing'];
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** A playground as a process, asked over the protocols of its parts. */
export class BenchPlayground {
  constructor(child, ready, readyMs) {
    this.child = child;
    this.ready = ready;
    /** From the start of the process to ready.json. */
    this.readyMs = readyMs;
  }

  static async start(directory) {
    if (!existsSync(entry)) throw new Error('The services are not built: npm run build');
    const { REDIS_URL: _, ...env } = process.env;
    const started = performance.now();
    const child = fork(entry, ['--directory', directory, '--port', '0'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`The playground ended with ${code}`)));
    });
    const readyMs = performance.now() - started;
    return new BenchPlayground(child, JSON.parse(readFileSync(`${directory}/ready.json`, 'utf8')), readyMs);
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGINT');
    await ended;
  }

  /** Asks every 10 ms; an error counts as "not yet". */
  async until(check) {
    const end = performance.now() + limitMs;
    while (!(await check().catch(() => false))) {
      if (performance.now() > end) throw new Error(`Not so within ${limitMs} ms: ${check}`);
      await wait(10);
    }
  }

  /** Nothing waits, nothing is on its way. */
  async untilQuiet() {
    await this.until(async () => {
      const { items } = await this.api('releases');
      return samples.every((name) => items.some((release) => release.name === name && release.state === 'Deployed'));
    });
    await this.until(async () => {
      const { Attributes } = await this.aws('AmazonSQS.GetQueueAttributes', {
        QueueUrl: this.ready.aws.queueUrl,
        AttributeNames: ['All'],
      });
      return ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'].every(
        (name) => Attributes[name] === '0',
      );
    });
  }

  async push(repository) {
    const tag = randomBytes(20).toString('hex').replaceAll('bad', 'fed');
    const digest = `sha256:${createHash('sha256').update(tag).digest('hex')}`;
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1024 };
    await this.aws('AmazonEC2ContainerRegistry_V20150921.PutImage', {
      repositoryName: repository,
      imageTag: tag,
      imageManifest: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers: [] }),
    });
    return { tag };
  }

  /** Tags of the images that came last: several where they came in one millisecond. */
  async newestTags(repository) {
    const { imageDetails } = await this.aws('AmazonEC2ContainerRegistry_V20150921.DescribeImages', {
      repositoryName: repository,
      maxResults: 1000,
    });
    const newest = Math.max(...imageDetails.map(({ imagePushedAt }) => imagePushedAt));
    return imageDetails
      .filter(({ imagePushedAt }) => imagePushedAt === newest)
      .flatMap(({ imageTags = [] }) => imageTags);
  }

  async isDeployed(name, tags) {
    const { state, images } = await this.api(`releases/default/${name}`);
    return state === 'Deployed' && tags.some((tag) => images[0]?.endsWith(`:${tag}`));
  }

  /** The commit that the branch is at, as a git client asks for it. */
  async tip() {
    const response = await fetch(`${this.ready.git.url}/info/refs?service=git-upload-pack`);
    const [, tip] = /([0-9a-f]{40}) refs\/heads\/main/.exec(await response.text()) ?? [];
    return tip;
  }

  /** How many commits Ship-it announced. */
  async countCommits() {
    const { items } = await this.api('events?type=release.committed&limit=1000');
    return new Set(items.map(({ event }) => event.data.commit)).size;
  }

  async api(path) {
    const headers = { authorization: `Bearer ${this.ready.token}`, accept: 'application/json' };
    const response = await fetch(`${this.ready.api}/api/v1/${path}`, { headers });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return response.json();
  }

  async aws(target, body) {
    const [service] = target.split('.');
    const { endpointSqs, endpointEcr, region } = this.ready.aws;
    const isSqs = service === 'AmazonSQS';
    const scope = `20260101/${region}/${isSqs ? 'sqs' : 'ecr'}/aws4_request`;
    const response = await fetch(isSqs ? endpointSqs : endpointEcr, {
      method: 'POST',
      headers: {
        'content-type': `application/x-amz-json-1.${isSqs ? 0 : 1}`,
        'x-amz-target': target,
        authorization: `AWS4-HMAC-SHA256 Credential=playground/${scope}, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${target} answers ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
