import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  type Explanation,
  ReleaseKey,
  type ReleaseDetail,
  type ReleaseHistory,
  type ReleaseResource,
  type ReleaseSummary,
} from '@shipit/contracts';
import { z } from 'zod';
import { Needs } from '../access/role.guard.js';
import { ExplainService } from '../explain/explain.service.js';
import { ReadResources } from '../resources/read-resources.js';
import { filterReleases, ReleaseQuery } from './filter-releases.js';
import { ReleaseStore } from './release-store.js';
import { detailOf, summaryOf } from './release-views.js';

/** Namespace and name of a path, as `namespace/name`. */
export const ReleasePath = z
  .object({ namespace: z.string(), name: z.string() })
  .transform(({ namespace, name }) => `${namespace}/${name}`)
  .pipe(ReleaseKey);

/** What runs where, since when, by whom and why. */
@Controller('api/v1/releases')
export class ReleasesController {
  constructor(
    private readonly releases: ReleaseStore,
    private readonly resources: ReadResources,
    private readonly explaining: ExplainService,
  ) {}

  @Get()
  @Needs('viewer')
  list(@Query() query: unknown): { items: ReleaseSummary[]; nextCursor?: string } {
    const summaries = this.releases.list().map((release) => summaryOf(release, this.releases.managementCluster));
    return filterReleases(summaries, ReleaseQuery.parse(query));
  }

  @Get(':namespace/:name')
  @Needs('viewer')
  async get(@Param() params: unknown): Promise<ReleaseDetail> {
    return detailOf(await this.releases.get(ReleasePath.parse(params)), this.releases.managementCluster);
  }

  @Get(':namespace/:name/history')
  @Needs('viewer')
  async history(@Param() params: unknown): Promise<ReleaseHistory> {
    const { status } = await this.releases.get(ReleasePath.parse(params));
    return { items: status?.history ?? [] };
  }

  @Get(':namespace/:name/resources')
  @Needs('viewer')
  async listResources(@Param() params: unknown): Promise<{ items: ReleaseResource[] }> {
    return { items: await this.resources.of(await this.releases.get(ReleasePath.parse(params))) };
  }

  @Get(':namespace/:name/explain')
  @Needs('viewer')
  async explain(@Param() params: unknown): Promise<Explanation> {
    return this.explaining.explain(await this.releases.get(ReleasePath.parse(params)));
  }
}
