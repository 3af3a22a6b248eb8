import { type Explanation, type HelmRelease, releaseKey } from '@shipit/contracts';
import { type GitCommit, GitRepository } from '@shipit/git';
import { EventLog } from '@shipit/messaging';

type Candidate = Explanation['candidates'][number];
const shown = 5;

/** Pushes of late that a release could run and does not, each with the committer's reason. */
export class FindCandidates {
  constructor(
    private readonly eventLog: EventLog,
    private readonly repository: GitRepository,
  ) {}

  async of(release: HelmRelease, _tip: string, _commits: readonly GitCommit[]): Promise<Candidate[]> {
    const subject = releaseKey(release.metadata);
    const logged = await this.eventLog.read({
      limit: 50,
      order: 'newest first',
      filter: { types: ['release.candidate'], subjects: [subject] },
    });
    const byImage = new Map<string, Candidate>();
    for (const { event } of logged) {
      if (event.type !== 'release.candidate') continue;
      const { image, pushedAt, reason, message } = event.data;
      const name = `${image.registry}/${image.repository}:${image.tag}`;
      if (!byImage.has(name)) byImage.set(name, { image: name, pushedAt, reason, message });
    }
    return [...byImage.values()].slice(0, shown);
  }
}
