// Runs once in docker-compose.yml's `setup`: prepares the other parts for Ship-it. Safe to repeat.
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ecrCall } from './ecr.mjs';

const gitUrl = process.env.GITEA_URL ?? 'http://git:3000';
const basic = `Basic ${Buffer.from(`shipit:${process.env.GITEA_PASSWORD}`).toString('base64')}`;
const secrets = process.env.SECRETS ?? '/secrets';

async function git(method, path, body, expected) {
  const headers = { authorization: basic, 'content-type': 'application/json' };
  const response = await fetch(`${gitUrl}/api/v1${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  if (!expected.includes(response.status))
    throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

async function writeSecret(name, text) {
  const file = join(secrets, name);
  await writeFile(file, text);
  // Services run as user 1000; the volume is theirs alone.
  await chmod(file, 0o644);
}

async function filesBelow(folder, prefix) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({
      operation: 'create',
      path: join(prefix, relative(folder, file)),
      content: (await readFile(file)).toString('base64'),
    })),
  );
}

await git('DELETE', '/users/shipit/tokens/ship-it', undefined, [204, 404]).catch(() => undefined);
const { sha1 } = await git('POST', '/users/shipit/tokens', { name: 'ship-it', scopes: ['write:repository'] }, [201]);
await writeSecret('git-token', sha1);

const made = await git('POST', '/user/repos', { name: 'gitops', auto_init: true, default_branch: 'main' }, [201, 409]);
if (made.id) {
  const files = [...(await filesBelow('/compose/releases', 'releases')), ...(await filesBelow('/charts', 'charts'))];
  await git('POST', '/repos/shipit/gitops/contents', { branch: 'main', message: 'Releases and charts', files }, [201]);
}

const kubeconfig = await readFile('/k3s/kubeconfig.yaml', 'utf8');
await writeSecret('kubeconfig', kubeconfig.replace('https://127.0.0.1:6443', 'https://cluster:6443'));

await ecrCall('CreateRepository', { repositoryName: 'word-counts' }, { ignore: 'RepositoryAlreadyExistsException' });
console.log('ready: the repository is http://localhost:3000/shipit/gitops, the page http://localhost:8080');
