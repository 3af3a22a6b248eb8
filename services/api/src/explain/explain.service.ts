import { Injectable } from '@nestjs/common';
import { type Explanation, type HelmRelease, releaseKey } from '@shipit/contracts';
import { type GitCommit, GitRepository } from '@shipit/git';
import { Clock, Log } from '@shipit/platform';
import { explainRelease } from './explain-release.js';
import { FindCandidates, type Outlook } from './find-candidates.js';

const commitsAtHand = 500;

/** Gathers what explains a release: its object, the branch, what the registry has that is newer. A part that cannot be asked is left out. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly repository: GitRepository,
    private readonly candidates: FindCandidates,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async explain(release: HelmRelease): Promise<Explanation> {
    const { tip, commits } = await this.readBranch().catch((error: unknown) =>
      this.missing('the repository', error, { tip: undefined, commits: [] }),
    );
    const nothing: Outlook = { candidates: [] };
    const outlook =
      tip === undefined
        ? nothing
        : await this.candidates
            .of(release, tip, commits)
            .catch((error: unknown) => this.missing("the release's file", error, nothing));
    this.log.debug(
      { release: releaseKey(release.metadata), candidates: outlook.candidates.length },
      'release explained',
    );
    return explainRelease({ release, commits, ...outlook, now: this.clock.now() });
  }

  private async readBranch(): Promise<{ tip: string | undefined; commits: GitCommit[] }> {
    const tip = await this.repository.fetch(AbortSignal.timeout(10_000));
    const commits: GitCommit[] = [];
    for await (const commit of this.repository.history(tip, { maxCount: commitsAtHand })) commits.push(commit);
    return { tip, commits };
  }

  private missing<T>(what: string, error: unknown, instead: T): T {
    this.log.warn({ err: error, what }, 'a part of the explanation is missing');
    return instead;
  }
}
