import type { Range, SemVer } from 'semver';

const identifier = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const pattern = new RegExp(
  String.raw`^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(${identifier}(?:\.${identifier})*))?$`,
);

/** A version as SemVer has it, with numbers of any length, which the library does not read. */
export class SemanticVersion {
  private constructor(
    private readonly core: readonly bigint[],
    private readonly preRelease: readonly string[],
  ) {}

  /** Undefined for what is no version. A leading `v` is allowed; tags know no `+`. */
  static read(this: void, tag: string): SemanticVersion | undefined {
    const [, major, minor, patch, preRelease] = pattern.exec(tag) ?? [];
    if (major === undefined || minor === undefined || patch === undefined) return undefined;
    return new SemanticVersion([BigInt(major), BigInt(minor), BigInt(patch)], preRelease?.split('.') ?? []);
  }

  /** Negative, zero or positive, by SemVer's precedence. */
  compare(other: SemanticVersion): number {
    const byCore = this.compareCore(other);
    const [ours, theirs] = [this.preRelease, other.preRelease];
    if (byCore !== 0 || ours.length === 0 || theirs.length === 0) return byCore || theirs.length - ours.length;
    const at = ours.findIndex((part, index) => part !== theirs[index]);
    if (at < 0) return ours.length - theirs.length;
    const [our, their] = [ours[at], theirs[at]];
    return our === undefined || their === undefined ? 1 : compareIdentifiers(our, their);
  }

  /** As the library has it: a pre-release counts only where the range names one of the same version. */
  isIn(range: Range): boolean {
    return range.set.some(
      (comparators) =>
        comparators.every(({ operator, semver }) => this.meets(operator, semver)) &&
        (this.preRelease.length === 0 || comparators.some(({ semver }) => this.isNamedBy(semver))),
    );
  }

  private compareCore({ core }: SemanticVersion): number {
    return core.reduce((order, part, at) => order || compareBig(this.core[at] ?? 0n, part), 0);
  }

  private meets(operator: string, bound: SemVer | symbol): boolean {
    const other = boundOf(bound);
    if (!other) return true;
    const order = this.compare(other);
    if (operator === '<') return order < 0;
    if (operator === '<=') return order <= 0;
    if (operator === '>') return order > 0;
    return operator === '>=' ? order >= 0 : order === 0;
  }

  private isNamedBy(bound: SemVer | symbol): boolean {
    const other = boundOf(bound);
    return other !== undefined && other.preRelease.length > 0 && this.compareCore(other) === 0;
  }
}

/** Undefined for the comparator that lets everything through. */
function boundOf(bound: SemVer | symbol): SemanticVersion | undefined {
  return typeof bound === 'symbol' ? undefined : SemanticVersion.read(bound.version);
}

/** Numbers come before words. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [a, b].map((text) => /^\d+$/.test(text));
  if (isNumber && isOtherNumber) return compareBig(BigInt(a), BigInt(b));
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : 1;
}

export function compareBig(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? 1 : -1;
}
