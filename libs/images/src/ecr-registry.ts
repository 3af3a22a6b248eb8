import type { ImageName } from './image-reference.js';

export interface EcrRegistryName {
  account: string;
  region: string;
}

const hosts = [
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\.com(?:\.cn)?$/,
  /^(\d{12})\.dkr-ecr(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d+)\.on\.(?:aws|amazonwebservices\.com\.cn)$/,
];

/** Account and region of any of the host names under which ECR serves one registry; undefined for other hosts. */
export function parseEcrRegistry(host: string): EcrRegistryName | undefined {
  for (const pattern of hosts) {
    const [, account, region] = pattern.exec(host.toLowerCase()) ?? [];
    if (account && region) return { account, region };
  }
  return undefined;
}

/** `<account>.dkr.ecr.<region>.amazonaws.com`, with `.cn` in China. */
export function formatEcrRegistry({ account, region }: EcrRegistryName): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** One text for all names of one repository: a key for maps. */
export function canonicalRepository({ registry, repository }: ImageName): string {
  const ecr = parseEcrRegistry(registry);
  return `${ecr ? formatEcrRegistry(ecr) : registry.toLowerCase()}/${repository}`;
}

/** Whether both name one repository, whichever of its registry's host names each uses. */
export function sameRepository(a: ImageName, b: ImageName): boolean {
  return a.repository === b.repository && canonicalRepository(a) === canonicalRepository(b);
}
