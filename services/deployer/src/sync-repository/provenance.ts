import { syncAnnotations } from '@shipit/contracts';
import type { GitCommit } from '@shipit/git';
import { parseTrailers } from '@shipit/releases';

/** What the commit that changed a release says about it, as annotations of its object. */
export function provenanceOf(release: string, commit: GitCommit): Record<string, string> {
  const trailers = parseTrailers(commit.message);
  const deploy = trailers.deploys.find((trailer) => trailer.release === release);
  const rollback = trailers.rollbacks.find((trailer) => trailer.release === release);
  return present({
    [syncAnnotations.commit]: commit.id,
    [syncAnnotations.deployId]: rollback?.id ?? deploy?.id,
    [syncAnnotations.pushId]: deploy?.push,
    [syncAnnotations.traceId]: trailers.traceIds[0],
    [syncAnnotations.actor]: trailers.actor ?? `${commit.author.name} <${commit.author.email}>`,
    [syncAnnotations.rollbackOf]: rollback?.of,
  });
}

/** The same annotations as they stand on the object: for a write that changes nothing that runs. */
export function keptProvenance(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const { path: _, ...kept } = syncAnnotations;
  return present(Object.fromEntries(Object.values(kept).map((name) => [name, annotations[name]])));
}

function present(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
