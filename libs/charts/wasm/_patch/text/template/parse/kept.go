package parse

import "maps"

// What was parsed lately, because Helm parses all templates of a chart for each release of it. Nothing changes a tree
// after it was parsed, and the names of the functions, which decide what parses, are the same for all of Helm's templates.
var kept = map[keptKey]map[string]*Tree{}

type keptKey struct{ name, text, leftDelim, rightDelim string }

const (
	maxKeptBytes = 28 << 20
	// The most that one node, tree or entry takes, with its place in what refers to it.
	nodeBytes  = 128
	treeBytes  = 512
	entryBytes = 1024
)

var keptBytes int

// Parse is Go's own, but for texts that it has parsed before.
func Parse(name, text, leftDelim, rightDelim string, funcs ...map[string]any) (map[string]*Tree, error) {
	key := keptKey{name, text, leftDelim, rightDelim}
	if trees, ok := kept[key]; ok {
		return maps.Clone(trees), nil
	}
	trees, err := newParse(name, text, leftDelim, rightDelim, funcs...)
	if err != nil {
		return trees, err
	}
	added := entryBytes + len(name) + len(text)
	for _, tree := range trees {
		added += treeBytes + bytesOf(tree.Root)
	}
	if added > maxKeptBytes {
		return trees, nil
	}
	if keptBytes += added; keptBytes > maxKeptBytes {
		clear(kept)
		keptBytes = added
	}
	kept[key] = maps.Clone(trees)
	return trees, nil
}

// bytesOf is not less than what the node takes: from as much as its text to a hundred times as much.
func bytesOf(node Node) int {
	switch n := node.(type) {
	case *ListNode:
		if n == nil {
			return 0
		}
		return nodeBytes + sumOf(n.Nodes)
	case *TextNode:
		return nodeBytes + len(n.Text)
	case *StringNode:
		return nodeBytes + len(n.Text)
	case *FieldNode:
		return nodeBytes + 16*len(n.Ident)
	case *VariableNode:
		return nodeBytes + 16*len(n.Ident)
	case *ChainNode:
		return nodeBytes + 32*len(n.Field) + bytesOf(n.Node)
	case *CommandNode:
		return nodeBytes + sumOf(n.Args)
	case *PipeNode:
		if n == nil {
			return 0
		}
		return nodeBytes + sumOf(n.Decl) + sumOf(n.Cmds)
	case *ActionNode:
		return nodeBytes + bytesOf(n.Pipe)
	case *TemplateNode:
		return nodeBytes + bytesOf(n.Pipe)
	case *IfNode:
		return n.bytes()
	case *RangeNode:
		return n.bytes()
	case *WithNode:
		return n.bytes()
	default:
		return nodeBytes
	}
}

func (b *BranchNode) bytes() int {
	return nodeBytes + bytesOf(b.Pipe) + bytesOf(b.List) + bytesOf(b.ElseList)
}

func sumOf[N Node](nodes []N) (total int) {
	for _, node := range nodes {
		total += bytesOf(node)
	}
	return total
}
