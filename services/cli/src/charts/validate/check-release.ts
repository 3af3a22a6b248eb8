import { annotationPrefix, helmReleaseApiVersion, legacyAnnotationPrefix, legacyApiVersion } from '@shipit/contracts';
import { findImages, readReleaseSettings, releaseSettingNames, unknownReleaseFields } from '@shipit/releases';
import type { YamlDocument, YamlPath } from '@shipit/yaml-edit';
import { closestWord, didYouMean } from './closest-word.js';
import { maxProblems, type Problem } from './problem.js';
import type { DeclaredRelease } from './read-releases.js';

type Found = Pick<Problem, 'severity' | 'code' | 'message'>;

/** What is wrong with the annotations of one release. */
export function annotationProblems({ file, yaml, annotations, value }: DeclaredRelease): Problem[] {
  const { autodeploy, problems } = readReleaseSettings(annotations);
  const settings = problems.map(({ annotation, message }) => ({
    ...{ file, ...yaml.keyPositionOf(pathOfAnnotation(yaml, annotation)), severity: 'error' as const },
    ...{ code: 'SHIPIT_ANNOTATION', message: `${annotation}: ${message}` },
  }));
  return [
    ...settings,
    ...misspeltAnnotations(file, yaml),
    ...(autodeploy && findImages(value).length === 0 ? [imageless(file, yaml)] : []),
  ];
}

function imageless(file: string, yaml: YamlDocument): Problem {
  const annotation = `${annotationPrefix}autodeploy`;
  const position = yaml.keyPositionOf(pathOfAnnotation(yaml, annotation));
  const message = `${annotation}: no image is found in this release, so no push will ever be deployed`;
  return { file, ...position, severity: 'warning', code: 'SHIPIT_ANNOTATION', message };
}

/** What nobody reads of a document. Those of other tools are none of our business, unless they look like ours with a slip of the finger. */
export function unreadProblems(file: string, yaml: YamlDocument): Problem[] {
  const { value } = yaml;
  const [apiVersion, kind] = [fieldOf(value, 'apiVersion'), fieldOf(value, 'kind')];
  if (isRelease(yaml))
    return unknownReleaseFields(value)
      .slice(0, maxProblems)
      .map(({ path, known }) => ({
        ...{ file, ...yaml.keyPositionOf(path) },
        ...unknownField(path, known),
        // Files of Ship-it's first life may have fields that mean nothing any more.
        severity: groupOf(String(apiVersion)) === groups[0] ? 'error' : 'warning',
      }));
  const message = whyPassedOver(apiVersion, kind);
  if (message === undefined) return [];
  const key = message.startsWith('kind') ? 'kind' : 'apiVersion';
  return [{ file, ...yaml.keyPositionOf([key]), severity: 'error', code: 'SHIPIT_RELEASE_FILE', message }];
}

export function unknownField(path: YamlPath, known: readonly string[]): Found {
  const name = String(path.at(-1));
  return {
    severity: 'error',
    code: 'SHIPIT_FIELD_UNKNOWN',
    message: `${path.join('.')}: there is no such field, nothing reads it${didYouMean(name, known)}`,
  };
}

/** Of Ship-it, whatever the version. */
export function isRelease({ value }: YamlDocument): boolean {
  return fieldOf(value, 'kind') === 'HelmRelease' && isOurs(fieldOf(value, 'apiVersion'));
}

const groups = [helmReleaseApiVersion, legacyApiVersion].map(groupOf);

function isOurs(apiVersion: unknown): boolean {
  return typeof apiVersion === 'string' && groups.includes(groupOf(apiVersion));
}

function whyPassedOver(apiVersion: unknown, kind: unknown): string | undefined {
  if (isOurs(apiVersion))
    return `kind: ${quoted(kind)} is no kind of Ship-it, the document is passed over; write HelmRelease`;
  if (kind !== 'HelmRelease') return undefined;
  if (typeof apiVersion === 'string' && closestWord(groupOf(apiVersion), groups) === undefined) return undefined;
  const wrong = apiVersion === undefined ? 'must be set' : `${quoted(apiVersion)} is not of Ship-it`;
  return `apiVersion: ${wrong}, the document is passed over; write ${helmReleaseApiVersion}`;
}

function groupOf(apiVersion: string): string {
  return apiVersion.split('/')[0] ?? '';
}

function misspeltAnnotations(file: string, yaml: YamlDocument): Problem[] {
  const annotations = Object.keys(Object(annotationsOf(yaml)) as object);
  const misspelt = annotations.flatMap((annotation) => {
    const prefix = [annotationPrefix, legacyAnnotationPrefix].find((one) => annotation.startsWith(one));
    const name = annotation.slice(prefix?.length);
    const meant = prefix !== undefined && !releaseSettingNames.includes(name) && closestWord(name, releaseSettingNames);
    return meant ? [{ annotation, meant: `${prefix}${meant}` }] : [];
  });
  return misspelt.slice(0, maxProblems).map(({ annotation, meant }) => ({
    ...{ file, ...yaml.keyPositionOf(['metadata', 'annotations', annotation]), severity: 'warning' as const },
    ...{
      code: 'SHIPIT_ANNOTATION',
      message: `${annotation}: Ship-it has no such annotation; did you mean "${meant}"?`,
    },
  }));
}

/** It may stand there under its old name. */
function pathOfAnnotation(yaml: YamlDocument, annotation: string): YamlPath {
  const old = legacyAnnotationPrefix + annotation.slice(annotationPrefix.length);
  return ['metadata', 'annotations', fieldOf(annotationsOf(yaml), annotation) === undefined ? old : annotation];
}

function annotationsOf({ value }: YamlDocument): unknown {
  return fieldOf(fieldOf(value, 'metadata'), 'annotations');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
