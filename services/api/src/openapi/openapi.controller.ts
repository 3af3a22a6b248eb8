import { Controller, Get } from '@nestjs/common';
import { ForAnybody } from '../access/role.guard.js';
import { openApiDocument } from './openapi.js';

@Controller('api/openapi.json')
export class OpenApiController {
  private readonly document = openApiDocument();

  @Get()
  @ForAnybody()
  read(): Record<string, unknown> {
    return this.document;
  }
}
