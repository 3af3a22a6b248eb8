import { ChartError, ChartRenderer, type RenderedChart, type RenderRequest } from '@shipit/charts';
import { chartOf } from '@shipit/charts/testing';
import { expect, it } from 'vitest';
import { renderInHelmsWords } from './helm-words.js';

it('keeps of what went wrong whether it may go right later, and leaves out what only Ship-it says', async () => {
  const refused = new ChartError('SHIPIT_CHART_CRASH', 'no memory', { subject: 'Rendering web', isTransient: true });
  class Refusing extends ChartRenderer {
    override render = (): Promise<RenderedChart> => Promise.reject(refused);
  }
  const chart = await chartOf({});
  const request: RenderRequest = { chart, name: 'a', namespace: 'b', values: [], revision: 1, isUpgrade: false };
  await expect(renderInHelmsWords(new Refusing(), request)).rejects.toMatchObject({
    code: 'SHIPIT_CHART_CRASH',
    message: 'no memory',
    isTransient: true,
  });
});
