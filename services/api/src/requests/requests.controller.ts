import { Body, Controller, Headers, HttpCode, Param, Post, Req } from '@nestjs/common';
import { type Accepted, ReasonBody, ReleaseKey, RollbackBody } from '@shipit/contracts';
import { z } from 'zod';
import { type CallerRequest, Needs } from '../access/role.guard.js';
import { ReleaseStore } from '../releases/release-store.js';
import { AskCommitter, type PersonsRequest } from './ask-committer.js';
import { rollbackEvent, settingEvent } from './request-events.js';

const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'Idempotency-Key must be at most 200 visible characters')
  .optional();

/** What people ask for. Each is answered once its commit is on the branch. */
@Controller('api/v1/releases/:namespace/:name')
export class RequestsController {
  constructor(
    private readonly releases: ReleaseStore,
    private readonly committer: AskCommitter,
  ) {}

  @Post('rollback')
  @HttpCode(202)
  @Needs('deployer')
  async rollback(
    @Req() request: CallerRequest,
    @Param() params: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key?: string,
  ): Promise<Accepted> {
    const { reason, to } = RollbackBody.parse(body);
    const asked = await this.read(request, params, { key, reason });
    return this.committer.ask(rollbackEvent(asked, to));
  }

  @Post('lock')
  @HttpCode(202)
  @Needs('deployer')
  lock(
    @Req() request: CallerRequest,
    @Param() params: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key?: string,
  ): Promise<Accepted> {
    return this.change('lock.requested', request, params, { key, ...ReasonBody.parse(body) });
  }

  @Post('unlock')
  @HttpCode(202)
  @Needs('deployer')
  unlock(
    @Req() request: CallerRequest,
    @Param() params: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key?: string,
  ): Promise<Accepted> {
    return this.change('unlock.requested', request, params, { key, ...ReasonBody.parse(body) });
  }

  @Post('resume')
  @HttpCode(202)
  @Needs('deployer')
  resume(
    @Req() request: CallerRequest,
    @Param() params: unknown,
    @Body() body: unknown,
    @Headers('idempotency-key') key?: string,
  ): Promise<Accepted> {
    return this.change('resume.requested', request, params, { key, ...ReasonBody.parse(body) });
  }

  private async change(
    type: 'lock.requested' | 'unlock.requested' | 'resume.requested',
    request: CallerRequest,
    params: unknown,
    given: Given,
  ): Promise<Accepted> {
    return this.committer.ask(settingEvent(type, await this.read(request, params, given)));
  }

  private async read({ caller }: CallerRequest, params: unknown, { key, reason }: Given): Promise<PersonsRequest> {
    const { namespace, name } = z.object({ namespace: z.string(), name: z.string() }).parse(params);
    const release = await this.releases.get(ReleaseKey.parse(`${namespace}/${name}`));
    return { release, reason, actor: caller?.name ?? '', idempotencyKey: IdempotencyKey.parse(key) };
  }
}

interface Given {
  key: string | undefined;
  reason: string;
}
