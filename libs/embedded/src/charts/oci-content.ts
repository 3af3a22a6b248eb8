import { createHash } from 'node:crypto';

export interface OciManifest {
  readonly type: string;
  readonly body: Buffer;
}

/** What a registry holds: blobs by digest, manifests by digest and by tag. */
export class OciContent {
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, OciManifest>();

  putBlob(bytes: Uint8Array): string {
    const digest = ociDigest(bytes);
    this.#blobs.set(digest, Buffer.from(bytes));
    return digest;
  }

  blob(digest: string): Buffer | undefined {
    return this.#blobs.get(digest);
  }

  putManifest(repository: string, reference: string, manifest: OciManifest): string {
    const digest = ociDigest(manifest.body);
    this.#manifests.set(`${repository}@${digest}`, manifest);
    if (reference !== digest) this.#manifests.set(`${repository}@${reference}`, manifest);
    return digest;
  }

  manifest(repository: string, reference: string): OciManifest | undefined {
    return this.#manifests.get(`${repository}@${reference}`);
  }

  /** In alphabetical order; undefined where nothing was ever put. */
  tags(repository: string): string[] | undefined {
    const references = [...this.#manifests.keys()]
      .filter((key) => key.startsWith(`${repository}@`))
      .map((key) => key.slice(repository.length + 1));
    if (references.length === 0) return undefined;
    return references.filter((reference) => !reference.includes(':')).sort();
  }

  /** As `helm push` leaves a chart. */
  putChart(repository: string, tag: string, archive: Uint8Array): string {
    const config = Buffer.from('{}');
    const layer = { mediaType: CHART_LAYER, digest: this.putBlob(archive), size: archive.length };
    const manifest = {
      schemaVersion: 2,
      config: { mediaType: CHART_CONFIG, digest: this.putBlob(config), size: config.length },
      layers: [layer],
    };
    return this.putManifest(repository, tag, { type: MANIFEST, body: Buffer.from(JSON.stringify(manifest)) });
  }
}

export function ociDigest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CHART_CONFIG = 'application/vnd.cncf.helm.config.v1+json';
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
