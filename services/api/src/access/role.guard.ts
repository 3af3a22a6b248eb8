import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from '@shipit/contracts';
import type { Request } from 'express';
import { ApiProblem } from '../problems/api-problem.js';
import { type ApiTokens, type Caller, callerOf, mayAct } from './tokens.js';

const roleKey = 'shipit:role';

/** Which role a route needs. A route that names none is refused to everybody. */
export const Needs = (role: Role) => SetMetadata(roleKey, role);
/** A route that tells nothing about anybody's releases. */
export const ForAnybody = () => SetMetadata(roleKey, 'anybody');

export interface CallerRequest extends Request {
  caller?: Caller;
}

/** The tokens of this process, under a class so that they can be injected. */
export class AccessTokens {
  constructor(readonly tokens: ApiTokens) {}
}

@Injectable()
export class RoleGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly access: AccessTokens,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const needed = this.reflector.getAllAndOverride<Role | 'anybody' | undefined>(roleKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (needed === 'anybody') return true;
    const caller = callerOf(this.access.tokens, request.headers.authorization);
    if (!caller)
      throw new ApiProblem(401, 'SHIPIT_UNAUTHENTICATED', 'A bearer token is needed: Authorization: Bearer <token>');
    if (needed === undefined || !mayAct(caller.role, needed))
      throw new ApiProblem(
        403,
        'SHIPIT_FORBIDDEN',
        `${caller.name} has the role ${caller.role}; this needs ${needed ?? 'a role that nobody has'}`,
      );
    request.caller = caller;
    return true;
  }
}
