import { describe, expect, it } from 'vitest';
import { canonicalRepository, formatEcrRegistry, parseEcrRegistry, sameRepository } from './ecr-registry.js';
import { parseImage } from './image-reference.js';

const plain = '723255503624.dkr.ecr.us-east-1.amazonaws.com';

describe('the names of one ECR registry', () => {
  it.each([
    [plain],
    ['723255503624.dkr.ecr-fips.us-east-1.amazonaws.com'],
    ['723255503624.dkr-ecr.us-east-1.on.aws'],
    ['723255503624.DKR.ECR.us-east-1.amazonaws.com'],
  ])('are the same registry: %s', (host) => {
    expect(parseEcrRegistry(host)).toEqual({ account: '723255503624', region: 'us-east-1' });
    expect(sameRepository(parseImage(`${host}/team/app:1`), parseImage(`${plain}/team/app:2`))).toBe(true);
    expect(canonicalRepository({ registry: host, repository: 'team/app' })).toBe(`${plain}/team/app`);
  });

  it('end in .cn in China', () => {
    const china = { account: '723255503624', region: 'cn-north-1' };
    expect(formatEcrRegistry(china)).toBe('723255503624.dkr.ecr.cn-north-1.amazonaws.com.cn');
    expect(parseEcrRegistry(formatEcrRegistry(china))).toEqual(china);
  });

  it.each([
    ['another account', '111111111111.dkr.ecr.us-east-1.amazonaws.com/app'],
    ['another region', '723255503624.dkr.ecr.eu-west-1.amazonaws.com/app'],
    ['another repository', `${plain}/app2`],
    ['a deeper repository', `${plain}/team/app`],
    ['a host that only ends the same', `evil.${plain}/app`],
    ['a host that only begins the same', `${plain}.evil.com/app`],
    ['a port, which is another registry', `${plain}:8443/app`],
    ['Docker Hub', 'app'],
  ])('do not mix with %s', (_why, other) => {
    expect(sameRepository(parseImage(other), parseImage(`${plain}/app`))).toBe(false);
  });

  it('fills in what Docker Hub leaves out before it compares', () => {
    expect(sameRepository(parseImage('nginx:1'), parseImage('docker.io/library/nginx'))).toBe(true);
  });
});
