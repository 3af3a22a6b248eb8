// What is changed in the sources of Go's templates and of Helm, and why; what is added besides lies in _patch. A change
// names text that must be there exactly once: what it stands before or after, or what it takes the place of.

/**
 * Go's template package tells where it is (what ends a module in the middle leaves nobody to ask), keeps what it parsed,
 * has its functions in one map, not two, and calls them and looks into maps without reflection where it can.
 */
export const goPatches = {
  'text/template/exec.go': [
    { after: 'func (t *Template) execute(wr io.Writer, data any) (err error) {\n\tdefer errRecover(&err)\n', text: '\tdefer enter()()\n' },
    { after: 'type state struct {\n', text: '\tline  int\n' },
    { after: '\ts.at(pipe)\n', text: '\ts.line = pipe.Line\n\ts.tell()\n' },
    { before: '\tv, err := safeCall(fun, argv)\n', text: '\ts.tell()\n' },
    { after: '*parse.StringNode); ok {\n', text: '\t\tif typ == stringType {\n\t\t\treturn reflect.ValueOf(&n.Text).Elem()\n\t\t}\n' },
    { after: '*parse.NumberNode); ok && n.IsInt {\n', text: '\t\tif typ == intType {\n\t\t\treturn reflect.ValueOf(int(n.Int64))\n\t\t}\n' },
    { before: '\tn := len(ident)\n', text: '\treceiver, ident = descend(receiver, ident)\n' },
    {
      before: '\tif !receiver.IsValid() {\n\t\tif s.tmpl.option.missingKey',
      text: '\tif value, ok := s.entry(receiver, fieldName); ok && len(args) <= 1 && isMissing(final) {\n\t\treturn value\n\t}\n',
    },
    { before: '\tiface, ok := printableValue(v)\n', text: '\tif s.printText(v) {\n\t\treturn\n\t}\n' },
  ],
  'text/template/funcs.go': [
    { after: 'if fn := ', instead: 'tmpl.execFuncs[name]', text: 'reflect.ValueOf(tmpl.parseFuncs[name])', before: ';' },
    { before: '\tret := fun.Call(args)\n', text: '\tif val, made, err := direct(fun, args); made {\n\t\treturn val, err\n\t}\n' },
  ],
  'text/template/template.go': [
    { after: 'func (t *Template) Parse(text string) (*Template, error) {\n', text: '\ttellParsing(t.name)\n' },
    // Whole, not one by one.
    { instead: '\tmaps.Copy(nt.parseFuncs, t.parseFuncs)\n', text: '\tnt.parseFuncs = maps.Clone(t.parseFuncs)\n' },
    { instead: '\taddValueFuncs(t.execFuncs, funcMap)\n\taddFuncs(t.parseFuncs, funcMap)\n', text: '\tt.parseFuncs = withFuncs(t.parseFuncs, funcMap)\n' },
    { after: 't.parseFuncs, ', instead: 'builtins()', text: 'builtinNames()', before: ')' },
  ],
  'text/template/parse/parse.go': [{ after: '\nfunc ', text: 'new', before: 'Parse(name, text, leftDelim, rightDelim string,' }],
};

/** Helm does the same with less work: what it prints stays what it was. */
export const helmPatches = {
  'pkg/engine/engine.go': [
    // The functions are the same for all charts.
    { instead: '\tt := template.New("gotpl")\n', text: '\tt := newTemplate("gotpl")\n' },
    { instead: '\tfuncMap := funcMap()\n', text: '\tfuncMap := template.FuncMap{}\n' },
    // `tpl` copies all templates for each of its texts, which only those need that define some.
    { before: '\treturn func(tpl string, vals any) (string, error) {\n', text: '\tvar copies keptCopy\n' },
    { after: '\t\tt, err := ', instead: 'parent.Clone()\n', text: 'copies.of(parent, tpl)\n' },
  ],
  'pkg/engine/funcs.go': [
    { after: 'func toYAML(v any) string {\n\tdata, err := ', instead: 'yaml.Marshal(v)\n', text: 'MarshalYAML(v)\n' },
    { after: 'func mustToYAML(v any) string {\n\tdata, err := ', instead: 'yaml.Marshal(v)\n', text: 'MarshalYAML(v)\n' },
  ],
  // Values are laid over each other and copied again and again.
  'pkg/chart/common/util/coalesce.go': [{ instead: '\treturn fmt.Sprintf("%s.%s", a, b)\n', text: '\treturn a + "." + b\n' }],
  'internal/copystructure/copystructure.go': [{ instead: '\treturn copyValue(reflect.ValueOf(src))\n', text: '\treturn copyPlain(src)\n' }],
  'pkg/release/v1/util/manifest.go': [{ instead: '\tdocs := sep.Split(bigFileTmp, -1)\n', text: '\tdocs := splitAtSeparators(bigFileTmp)\n' }],
  // Each comparison of two kinds makes a map of all kinds.
  'pkg/release/v1/util/kind_sorter.go': [
    { instead: '\tordering := make(map[string]int, len(o))\n\tfor v, k := range o {\n\t\tordering[k] = v\n\t}\n', text: '' },
    { instead: 'ordering[kindA]', text: 'placeOf(kindA, o)' },
    { instead: 'ordering[kindB]', text: 'placeOf(kindB, o)' },
  ],
  // What is read to sort the documents is read once more for their objects.
  'pkg/release/v1/util/manifest_sorter.go': [
    { instead: '\t"sigs.k8s.io/yaml"\n\n', text: '' },
    { instead: 'yaml.Unmarshal([]byte(m), &entry)', text: 'ReadHead(m, &entry)' },
  ],
};
