import { Body, Controller, Headers, HttpCode, Param, Post, Req } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type Accepted, ReasonBody, ReleaseKey, releaseKey, RollbackBody, type ShipitEvent } from '@shipit/contracts';
import { Clock } from '@shipit/platform';
import { z } from 'zod';
import { type CallerRequest, Needs } from '../access/role.guard.js';
import { ReleaseStore } from '../releases/release-store.js';
import { AskCommitter } from './ask-committer.js';
import { readBody } from './read-body.js';
import { type PersonsRequest, requestIdOf, rollbackEvent, settingEvent, type SettingType } from './request-events.js';

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
    private readonly clock: Clock,
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
    const { reason, to } = readBody(RollbackBody, body);
    const asked = await this.read(request, params, { key, reason });
    return this.ask('rollback.requested', asked, () => rollbackEvent(asked, to));
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
    return this.change('lock.requested', request, params, { key, ...readBody(ReasonBody, body) });
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
    return this.change('unlock.requested', request, params, { key, ...readBody(ReasonBody, body) });
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
    return this.change('resume.requested', request, params, { key, ...readBody(ReasonBody, body) });
  }

  private async change(type: SettingType, request: CallerRequest, params: unknown, given: Given): Promise<Accepted> {
    const asked = await this.read(request, params, given);
    return this.ask(type, asked, () => settingEvent(type, asked));
  }

  private ask(
    type: SettingType | 'rollback.requested',
    asked: PersonsRequest,
    create: () => ShipitEvent,
  ): Promise<Accepted> {
    return this.committer.ask({ id: requestIdOf(type, asked), subject: releaseKey(asked.release.metadata), create });
  }

  private async read({ caller }: CallerRequest, params: unknown, { key, reason }: Given): Promise<PersonsRequest> {
    const { namespace, name } = z.object({ namespace: z.string(), name: z.string() }).parse(params);
    const release = await this.releases.get(ReleaseKey.parse(`${namespace}/${name}`));
    return {
      release,
      reason,
      actor: caller?.name ?? '',
      idempotencyKey: IdempotencyKey.parse(key) ?? randomUUID(),
      at: this.clock.now(),
    };
  }
}

interface Given {
  key: string | undefined;
  reason: string;
}
