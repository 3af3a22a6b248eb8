import { ExpressAdapter } from '@nestjs/platform-express';
import express from 'express';

const maxBody = '64kb';

/** Express with our body limit; it does not say what it is. */
export function createHttpAdapter(): ExpressAdapter {
  const application = express();
  application.disable('x-powered-by');
  application.use(express.json({ limit: maxBody }));
  return new ExpressAdapter(application);
}
