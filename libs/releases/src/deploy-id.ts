import { idOf } from '@shipit/contracts';
import { canonicalRepository, type ImageName } from '@shipit/images';

/** The same push to the same release has the same id, whatever host name the registry was given by. */
export function deployIdOf(deploy: ImageName & { release: string; tag: string; digest: string }): string {
  return idOf('deploy', deploy.release, canonicalRepository(deploy), deploy.tag, deploy.digest);
}

/** The deploy id of what a person asked for: of that request, so asking twice for the same image are two deployments. */
export function requestDeployIdOf(request: { release: string; requestId: string }): string {
  return idOf('request', request.release, request.requestId);
}
