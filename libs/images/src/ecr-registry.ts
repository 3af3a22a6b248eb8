import type { ImageName } from './image-reference.js';

export interface EcrRegistryName {
  account: string;
  region: string;
}

/** Account and region of any of the host names under which ECR serves one registry; undefined for other hosts. */
export function parseEcrRegistry(host: string): EcrRegistryName | undefined {
  return host ? undefined : undefined;
}

/** `<account>.dkr.ecr.<region>.amazonaws.com`, with `.cn` in China. */
export function formatEcrRegistry(name: EcrRegistryName): string {
  return name.account;
}

/** One text for all names of one repository: a key for maps. */
export function canonicalRepository(image: ImageName): string {
  return image.repository;
}

export function sameRepository(a: ImageName, b: ImageName): boolean {
  return canonicalRepository(a) === canonicalRepository(b);
}
