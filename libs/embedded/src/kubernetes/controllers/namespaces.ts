import type { ObjectWriter } from '../api/object-writer.js';
import type { KubeObject } from '../objects.js';
import { Kind, type Controller } from './controller.js';

/** Gives each namespace what it always has, and empties those that go away. */
export class NamespaceController implements Controller {
  readonly name = 'namespace-controller';
  private readonly namespaces: Kind;

  constructor(
    private readonly writer: ObjectWriter,
    private readonly ca: string,
  ) {
    this.namespaces = this.kind('Namespace');
  }

  keysOf({ type, object }: { type: string; object: KubeObject }): string[] {
    if (object.kind === 'Namespace' && object.apiVersion === 'v1') return [`/${object.metadata.name}`];
    const { namespace } = object.metadata;
    const mayMatter = type === 'DELETED' && namespace !== undefined;
    return mayMatter ? [`/${namespace}`] : [];
  }

  reconcile(key: string): number | undefined {
    const namespace = this.namespaces.get(key);
    if (!namespace) return undefined;
    if (namespace.metadata.deletionTimestamp) return this.empty(namespace);
    const { name } = namespace.metadata;
    const account = this.kind('ServiceAccount');
    if (!account.get(`${name}/default`)) account.create(name, { metadata: { name: 'default' } });
    const authority = this.kind('ConfigMap');
    if (!authority.get(`${name}/kube-root-ca.crt`))
      authority.create(name, { metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': this.ca } });
    return undefined;
  }

  private empty(namespace: KubeObject): number | undefined {
    const { name } = namespace.metadata;
    let isEmpty = true;
    for (const type of this.writer.registry.storedKinds().filter((candidate) => candidate.namespaced)) {
      const kind = new Kind(this.writer, type, this.name);
      for (const object of kind.list(name)) {
        if (!object.metadata.deletionTimestamp) kind.delete(object);
      }
      isEmpty &&= kind.list(name).length === 0;
    }
    if (!isEmpty) return undefined;
    this.namespaces.drop(namespace);
    return undefined;
  }

  private kind(name: string): Kind {
    return new Kind(this.writer, this.writer.registry.builtIn(name), this.name);
  }
}
