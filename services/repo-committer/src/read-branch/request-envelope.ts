import { type Envelope, idOf } from '@shipit/contracts';
import { requestDeployIdOf } from '@shipit/releases';

/** The request that an event answers. */
export interface Request extends Pick<Envelope, 'id' | 'traceparent' | 'pushid'> {
  data: { release: string };
}

/** The envelope of an event about a request; the same request and the same end give the same id. */
export function answerTo(request: Request, about: { type: string; detail: string; at: Date }) {
  const { release } = request.data;
  const { traceparent, pushid } = request;
  return {
    specversion: '1.0' as const,
    id: idOf(about.type, release, request.id, about.detail),
    source: 'repo-committer',
    subject: release,
    time: about.at.toISOString(),
    deployid: requestDeployIdOf({ release, requestId: request.id }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(pushid === undefined ? {} : { pushid }),
  };
}

export function traceIdsOf({ traceparent }: Pick<Envelope, 'traceparent'>): string[] {
  const id = traceparent?.split('-')[1];
  return id === undefined ? [] : [id];
}
