import { z } from 'zod';
import { ChartError } from './chart-error.js';
import { parseJson } from './parse-json.js';
import { archiveLimits } from './read-archive.js';

/** What a registry may send; it may also send lists of manifests, for which there is no use here. */
export const manifestTypes = 'application/vnd.oci.image.manifest.v1+json';

const CONFIG = 'application/vnd.cncf.helm.config.v1+json';
/** The second is what Helm wrote before 3.7. */
const LAYERS = ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip'];

const Descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
});
const Manifest = z.object({
  schemaVersion: z.literal(2),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).max(100).optional(),
});

export interface ChartLayer {
  digest: string;
  size: number;
}

/** The chart that a manifest describes. @throws ChartError where it describes something else */
export function chartLayerOf(subject: string, body: Uint8Array | undefined): ChartLayer {
  const { config, layers = [] } = parseJson(subject, body, Manifest);
  if (config?.mediaType !== CONFIG) {
    const kind = config ? JSON.stringify(config.mediaType.slice(0, 100)) : 'a list of images';
    throw new ChartError('SHIPIT_CHART_INVALID', `${subject}: what lies there is no Helm chart but ${kind}`);
  }
  const [layer, ...others] = layers.filter(({ mediaType }) => LAYERS.includes(mediaType));
  if (!layer || others.length > 0) {
    throw new ChartError('SHIPIT_CHART_INVALID', `${subject}: the manifest has not one archive, as a chart has`);
  }
  if (layer.size > archiveLimits.packedBytes) {
    throw new ChartError(
      'SHIPIT_CHART_ARCHIVE',
      `${subject}: the archive is larger than ${archiveLimits.packedBytes} bytes`,
    );
  }
  return { digest: layer.digest, size: layer.size };
}
