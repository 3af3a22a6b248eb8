import type { ECRClient } from '@aws-sdk/client-ecr';
import { parseEcrRegistry } from '@shipit/images';
import { z } from 'zod';
import { ChartError } from './chart-error.js';
import { dockerHub } from './docker-hub.js';
import { authorizationFor, download, type DownloadOptions, withoutCredentials } from './download.js';
import type { OciReference } from './oci-reference.js';
import { parseJson } from './parse-json.js';
import type { Round } from './round.js';

export interface OciAuthorizationOptions extends DownloadOptions {
  /** Asked for the tokens of ECR registries; called once per region. Default: by the AWS SDK's credential chain. */
  ecrClient?: (region: string) => ECRClient;
}

interface Kept {
  authorization: string;
  until: number;
}

const Token = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().optional(),
});
const MAX_TOKEN_BYTES = 64 * 1024;
/** Tokens are taken anew so long before they end; and never kept for longer than AWS gives them. */
const MARGIN_SECONDS = 30;
const MAX_KEPT_SECONDS = 12 * 3600;
const MAX_KEPT = 200;

/**
 * What registries are told about who asks.
 *
 * ECR hosts get ECR's own token. Others say at first what they want: basic credentials, or a token from a place that
 * they name. That place gets the registry's credential where it has the registry's own origin (or is Docker Hub's), or
 * where the same credential is configured for its address too. Else a registry could have credentials sent elsewhere, or be given a
 * token that they buy for another registry.
 */
export class OciAuthorization {
  readonly #kept = new Map<string, Kept>();
  readonly #ecrClients = new Map<string, ECRClient>();

  constructor(private readonly options: OciAuthorizationOptions) {}

  /** What worked before for this repository. */
  current(reference: OciReference): string | undefined {
    const kept = this.#kept.get(keyOf(reference));
    return kept && kept.until > performance.now() ? kept.authorization : undefined;
  }

  /** What a registry that answered 401 wants. Undefined: we have nothing for it. */
  async answer(reference: OciReference, header: string | undefined, round: Round): Promise<string | undefined> {
    const kept = await this.#answer(reference, header, round);
    if (!kept) return undefined;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(keyOf(reference), kept);
    return kept.authorization;
  }

  forget(reference: OciReference): void {
    this.#kept.delete(keyOf(reference));
  }

  async #answer(reference: OciReference, header: string | undefined, round: Round): Promise<Kept | undefined> {
    const ecr = parseEcrRegistry(reference.host);
    if (ecr) return this.#ecrToken(ecr.region, round);
    const challenge = parseChallenge(header);
    const address = new URL(`${reference.origin}/${reference.repository}`);
    const own = authorizationFor(address, this.options) ?? (await this.options.findCredential?.(address, 'registry'));
    if (challenge?.scheme === 'bearer') return this.#bearer(reference, { ...challenge, own }, round);
    return own === undefined ? undefined : { authorization: own, until: Infinity };
  }

  async #bearer(
    { origin, repository }: OciReference,
    { realm, service, own }: Challenge & { own: string | undefined },
    { subject, signal, timeoutSeconds }: Round,
  ): Promise<Kept> {
    if (!URL.canParse(realm)) {
      throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${subject}: the registry names no place to get a token from`);
    }
    const url = new URL(realm);
    if (service !== '') url.searchParams.set('service', service);
    // Ours, not the one that the registry asks for: no token is ever good for more than this.
    url.searchParams.set('scope', `repository:${repository}:pull`);
    const authorization = this.#isTrusted(url, origin, own) ? own : undefined;
    const limits = { maxBytes: MAX_TOKEN_BYTES, timeoutSeconds };
    const { body } = await download(url, limits, withoutCredentials(this.options), {
      signal,
      authorization,
      accept: 'application/json',
    });
    const answer = parseJson(subject, body, Token);
    const token = answer.token ?? answer.access_token ?? '';
    if (!/^[\x21-\x7e]{1,16384}$/.test(token)) {
      throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${subject}: ${url.host} gives no token`);
    }
    return { authorization: `Bearer ${token}`, until: endOf(answer.expires_in ?? 60) };
  }

  #isTrusted(tokens: URL, registry: string, own: string | undefined): boolean {
    if (tokens.origin === registry) return true;
    if (registry === dockerHub.origin && tokens.origin === dockerHub.tokens) return true;
    return authorizationFor(tokens, this.options) === own;
  }

  async #ecrToken(region: string, { subject, signal }: Round): Promise<Kept> {
    // Loaded only where it is used: that takes a tenth of a second.
    const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
    const known = this.#ecrClients.get(region);
    const client = known ?? this.options.ecrClient?.(region) ?? new ECRClient({ region });
    this.#ecrClients.set(region, client);
    try {
      const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal });
      const { authorizationToken = '', expiresAt } = authorizationData?.[0] ?? {};
      const seconds = expiresAt ? (expiresAt.getTime() - Date.now()) / 1000 : 0;
      return { authorization: `Basic ${authorizationToken}`, until: endOf(seconds) };
    } catch (cause) {
      const why = cause instanceof Error ? cause.name : 'unknown error';
      throw new ChartError(
        'SHIPIT_CHART_DOWNLOAD',
        `${subject}: ECR in ${region} gives no token (${why}); check the AWS credentials and the permission ecr:GetAuthorizationToken`,
        { cause, isTransient: !/^(AccessDenied|CredentialsProviderError)/.test(why) },
      );
    }
  }
}

function keyOf({ origin, repository }: OciReference): string {
  return `${origin}/${repository}`;
}

function endOf(seconds: number): number {
  return performance.now() + Math.min(seconds - MARGIN_SECONDS, MAX_KEPT_SECONDS) * 1000;
}

interface Challenge {
  scheme: string;
  realm: string;
  service: string;
}

/** The first challenge of a WWW-Authenticate header. */
function parseChallenge(header = ''): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*([a-z]+)\s+(.{0,4096})$/i.exec(header) ?? [];
  if (scheme === '') return undefined;
  const valueOf = (name: string): string => new RegExp(`\\b${name}="([^"]{0,2048})"`, 'i').exec(rest)?.[1] ?? '';
  return { scheme: scheme.toLowerCase(), realm: valueOf('realm'), service: valueOf('service') };
}
