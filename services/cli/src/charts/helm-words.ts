import { ChartError, type ChartRenderer, type RenderedChart, type RenderRequest } from '@shipit/charts';

/** Renders, and says why that is not possible as Helm says it: the reason alone. @throws ChartError */
export async function renderInHelmsWords(renderer: ChartRenderer, request: RenderRequest): Promise<RenderedChart> {
  try {
    return await renderer.render(request);
  } catch (error) {
    if (!(error instanceof ChartError)) throw error;
    throw new ChartError(error.code, inHelmsWords(error), { cause: error, isTransient: error.isTransient });
  }
}

function inHelmsWords({ reason }: ChartError): string {
  if (reason.startsWith('found in Chart.yaml, but missing in charts/ directory'))
    return `an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: ${reason}`;
  return reason.replace(/^(release name "[^"]*") is invalid: /, 'release name check failed: $1: ');
}
