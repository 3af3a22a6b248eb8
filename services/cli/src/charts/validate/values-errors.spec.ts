import { describe, expect, it } from 'vitest';
import { readValuesErrors } from './values-errors.js';

const head =
  "Rendering chart web 1.2.3 for default/web: values don't meet the specifications of the schema(s) in the following chart(s):\n";

describe('what a schema refuses, in the words of Helm', () => {
  it('is taken apart into values and reasons', () => {
    const message = `${head}web:
- at '/a~1b~0c d': got number, want string
- at '/image': validation failed
  - at '/image': missing property 'repository'
  - at '/image/tag': got number, want string
- at '/list/1/name': 'b' does not match pattern '^a'
- at '': additional properties 'bar', 'foo' not allowed
`;
    expect(readValuesErrors(message, 'web', { list: [{}, {}] })).toEqual([
      { path: ['a/b~c d'], message: 'values.a/b~c d: got number, want string' },
      { path: ['image'], message: "values.image: missing property 'repository'" },
      { path: ['image', 'tag'], message: 'values.image.tag: got number, want string' },
      { path: ['list', 1, 'name'], message: "values.list.1.name: 'b' does not match pattern '^a'" },
      { path: ['bar'], message: 'values.bar: the chart has no such value' },
      { path: ['foo'], message: 'values.foo: the chart has no such value' },
    ]);
  });

  it('stands below the name of the dependency, where the values have it', () => {
    const message = `${head}sub:\n- at '/x': got number, want string\nleaf:\n- at '/q': got number, want string\nother:\n- at '/z': wrong\n`;
    const values = { sub: { x: 1, leaf: { q: 2 } } };
    expect(readValuesErrors(message, 'web', values).map(({ path }) => path)).toEqual([
      ['sub', 'x'],
      ['sub', 'leaf', 'q'],
      ['z'],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a template', 'execution error at (web/templates/a.yaml:1:6): give a name'],
    ['something like it', "a chart:\n at '/x'"],
  ])('is nothing in the message of %s', (_what, message) => {
    expect(readValuesErrors(message, 'web', {})).toEqual([]);
  });

  it('is read in time, however hostile', () => {
    const deep = Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at * 2)}- at '/x': validation failed`).join(
      '\n',
    );
    const started = Date.now();
    readValuesErrors(`${head}web:\n${deep}\n${"- at '".repeat(50_000)}`, 'web', {});
    expect(Date.now() - started).toBeLessThan(5000);
  });
});
