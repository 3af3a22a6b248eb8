import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEcr } from '@shipit/embedded';
import { describe, expect, it } from 'vitest';
import { ecrUnderTest, newClient } from '../test/ecr-under-test.js';
import { EcrRegistry } from './ecr-registry.js';
import { describeRegistry } from './registry.contract.js';
import { RegistryError } from './registry-error.js';

const owner = { account: '123456789012', region: 'us-east-1' };

describeRegistry('EcrRegistry on embedded ECR', async () => ecrUnderTest(await startEcr(owner)));

describe('EcrRegistry', () => {
  it('says that it will ask again when the registry throttles, fails or does not answer', async () => {
    expect(await errorOf(400, { __type: 'ThrottlingException' })).toMatchObject({ isTerminal: false });
    expect(await errorOf(500, { __type: 'ServerException' })).toMatchObject({ isTerminal: false });
    expect(await errorOf('silent')).toMatchObject({
      isTerminal: false,
      message: expect.stringContaining('no answer in 500 ms') as string,
    });
  });

  it('says what to check when the registry refuses', async () => {
    const error = await errorOf(400, { __type: 'AccessDeniedException', message: 'not authorized' });

    expect(error).toBeInstanceOf(RegistryError);
    expect(error).toMatchObject({
      isTerminal: true,
      code: 'SHIPIT_REGISTRY_UNAVAILABLE',
      message: expect.stringContaining('ecr:DescribeImages') as string,
    });
  });
});

/** What `describe` throws when ECR answers like this. */
async function errorOf(status: number | 'silent', body: object = {}): Promise<unknown> {
  const server = createServer((request, response) => {
    request.resume();
    if (status !== 'silent')
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const registry = new EcrRegistry({
    client: (region) => newClient(url, region),
    registries: [owner],
    deadlineMs: 500,
  });
  const image = { registry: '123456789012.dkr.ecr.us-east-1.amazonaws.com', repository: 'word-counts', tag: 'v1' };
  const error: unknown = await registry.describe(image).catch((thrown: unknown) => thrown);
  registry.close();
  server.closeAllConnections();
  server.close();
  return error;
}
